using System.Net;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Login;

/// <summary>What settings change of logins, on servers of their own.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class LoginSettingsTests(DatabaseKind kind)
{
    [Test]
    public async Task Https_MarksCookies_AndAsksWhereARequestComesFrom()
    {
        await using var server = await ApiServer.StartAsync(kind, null, ("Urls", "https://127.0.0.1:0"), ("Https:HstsMaxAge", "1.00:00:00"));
        using var browser = new TestBrowser(server.Address);
        await browser.SendAsync(HttpMethod.Get, "/api/");
        (string, string)[] right = [("username", "admin"), ("password", ApiServer.Password)];

        var without = await browser.PostFormAsync("/api/login/", right, ("X-CSRFToken", browser.Csrf!));
        var strange = await browser.PostFormAsync("/api/login/", right, ("X-CSRFToken", browser.Csrf!), ("Referer", "https://evil.example/x"));
        var insecure = await browser.PostFormAsync("/api/login/", right, ("X-CSRFToken", browser.Csrf!), ("Referer", "http://127.0.0.1/"));
        var login = await browser.LoginAsync("admin", ApiServer.Password);

        Assert.That(without["detail"]!.ToString(), Is.EqualTo("CSRF Failed: Referer checking failed - no Referer."));
        Assert.That(strange["detail"]!.ToString(), Is.EqualTo("CSRF Failed: Referer checking failed - https://evil.example/x does not match any trusted origins."));
        Assert.That(insecure["detail"]!.ToString(), Is.EqualTo("CSRF Failed: Referer checking failed - Referer is insecure while host is secure."));
        Assert.That(login.Status, Is.EqualTo(HttpStatusCode.Found), login.Text);
        Assert.That(login.Headers["Set-Cookie"].Split('\n'), Has.Exactly(3).Items.And.All.Contain("secure"));
        Assert.That(login.Headers["Strict-Transport-Security"], Is.EqualTo("max-age=86400"));
        var body = """{"name":"a team","organization":1}""";
        Assert.That((await browser.PostJsonAsync("teams/", body, ("X-CSRFToken", browser.Csrf!))).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await browser.PostJsonAsync("teams/", body, browser.CsrfHeaders())).Status, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Session_OutlivesARestart()
    {
        await using var server = await ApiServer.StartAsync(kind);
        using var before = new TestBrowser(server.Address);
        await before.LoginAsync("admin", ApiServer.Password);

        using var admin = await server.RestartAsync();

        using var after = new TestBrowser(server.Address);
        after.SetCookie("awx_sessionid", before.Cookie("awx_sessionid")!);
        Assert.That((await after.SendAsync(HttpMethod.Get, "me/")).Column("username"), Is.EqualTo(new[] { "admin" }));
    }

    [Test]
    public async Task TooManySessions_EndTheOldest()
    {
        await using var server = await ApiServer.StartAsync(kind, null, ("Login:SessionsPerUser", "2"));
        TestBrowser[] browsers = [new(server.Address), new(server.Address), new(server.Address)];
        try
        {
            foreach (var browser in browsers)
            {
                await browser.LoginAsync("admin", ApiServer.Password);
            }

            var statuses = new List<HttpStatusCode>();
            foreach (var browser in browsers)
            {
                statuses.Add((await browser.SendAsync(HttpMethod.Get, "me/")).Status);
            }

            Assert.That(statuses, Is.EqualTo(new[] { HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK }));
        }
        finally
        {
            Array.ForEach(browsers, browser => browser.Dispose());
        }
    }

    [Test]
    public async Task BasicTurnedOff_IsAsIfNothingWasSent()
    {
        await using var server = await ApiServer.StartAsync(kind, null, ("Login:Basic", "false"));
        using var browser = new TestBrowser(server.Address);

        var basic = await server.Admin.GetAsync("me/");

        Assert.That(basic.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(basic["detail"]!.ToString(), Does.StartWith("Authentication credentials were not provided."));
        Assert.That((await browser.LoginAsync("admin", ApiServer.Password)).Status, Is.EqualTo(HttpStatusCode.Found));
    }

    [Test]
    public async Task ManyFailures_SlowTheNextOnesDown_OnEveryWayIn_AndKeepOutNobodyWhoWasIn()
    {
        await using var server = await ApiServer.StartAsync(kind, null, ("Login:FreeFailures", "2"), ("Login:MaxDelay", "01:00:00"));
        await server.Admin.CreateAsync("users/", """{"username":"victim","password":"right"}""");
        using var wrong = server.ClientFor("victim", "wrong");
        using var right = server.ClientFor("victim", "right");
        using var browser = new TestBrowser(server.Address);
        ApiAnswer last;
        do
        {
            last = await wrong.GetAsync("me/");
        }
        while (last.Status == HttpStatusCode.Unauthorized);

        Assert.That(last.Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(int.Parse(last.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), Is.GreaterThan(0));
        Assert.That(last["detail"]!.ToString(), Does.StartWith("Too many failed logins."));
        // Until the delay is over, which grows with each failure, even the right password waits.
        for (var doubled = 0; doubled < 2; doubled++)
        {
            await Eventually.BeAsync(async () => (await wrong.GetAsync("me/")).Status == HttpStatusCode.Unauthorized, "the delay passes");
        }

        Assert.That((await right.GetAsync("me/")).Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That((await right.GetAsync("/odata/Organizations")).Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        var page = await browser.LoginAsync("victim", "right");
        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(page.Text, Does.Contain("role=\"alert\""));
        Assert.That((await server.Admin.GetAsync("me/")).Status, Is.EqualTo(HttpStatusCode.OK), "others go in and out");
    }

    [Test]
    public async Task ManyAtOnce_WithWrongPasswords_AreNotAllTried()
    {
        await using var server = await ApiServer.StartAsync(kind);
        var clients = Enumerable.Range(0, 60).Select(i => server.ClientFor("admin", $"guess {i}")).ToList();
        try
        {
            var answers = await Task.WhenAll(clients.Select(client => client.GetAsync("me/")));

            var tried = answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized);
            Assert.That(tried, Is.InRange(5, 5 + Environment.ProcessorCount + 5), "those free, those under way, and one for each delay that passes meanwhile");
            Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests), Is.EqualTo(60 - tried));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Test]
    public async Task Proxy_IsBelievedOnlyWhenItIsNamed()
    {
        await using var server = await ApiServer.StartAsync(kind, null, ("Proxies:0", "127.0.0.0/8"));
        using var browser = new TestBrowser(server.Address);

        var answer = await browser.SendAsync(HttpMethod.Get, "/api/", null, ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "192.0.2.1"));

        Assert.That(answer.Headers["Set-Cookie"], Does.Contain("secure"));
        await using var other = await ApiServer.StartAsync(kind);
        using var stranger = new TestBrowser(other.Address);
        Assert.That((await stranger.SendAsync(HttpMethod.Get, "/api/", null, ("X-Forwarded-Proto", "https"))).Headers["Set-Cookie"], Does.Not.Contain("secure"));
    }
}
