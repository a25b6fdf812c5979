using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Credentials;

namespace ContainerGroups.Kubernetes.Tests;

public sealed class ClusterTestTests
{
    private FakeCluster _cluster = null!;

    [SetUp]
    public async Task StartAsync() => _cluster = await FakeCluster.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _cluster.DisposeAsync();

    [Test]
    public async Task ARightToken_IsAccepted_WithTheClustersOwnCa()
    {
        var test = await TestAsync(FakeCluster.Token);

        Assert.That((test.Reachable, test.Authenticated), Is.EqualTo(((bool?)true, (bool?)true)), test.Message);
        Assert.That(test.MissingPermissions, Is.Empty);
        Assert.That(test.Details["version"], Is.EqualTo("v1.33.1"));
        Assert.That(_cluster.Namespaces, Has.Count.EqualTo(6).And.All.EqualTo("default"));
    }

    [Test]
    public async Task AWrongToken_IsRefused_AndNotTold()
    {
        var test = await TestAsync("wrong-token");

        Assert.That((test.Reachable, test.Authenticated), Is.EqualTo(((bool?)true, (bool?)false)));
        Assert.That(test.Message, Does.Contain("refuses the token").And.Not.Contain("wrong-token"));
    }

    [Test]
    public async Task MissingVerbs_AreNamed()
    {
        _cluster.Forbidden.UnionWith(["delete pods", "create pods/exec"]);

        var test = await TestAsync(FakeCluster.Token);

        Assert.That(test.Authenticated, Is.True);
        Assert.That(test.MissingPermissions, Is.EqualTo(new[] { "delete pods", "create pods/exec" }));
        Assert.That(test.Message, Does.Contain("delete pods, create pods/exec"));
    }

    [Test]
    public async Task AnUnknownAuthority_IsNotTrusted()
    {
        var test = await TestAsync(FakeCluster.Token, withAuthority: false);

        Assert.That(test.Reachable, Is.False);
        Assert.That(test.Message, Does.Contain("not trusted").And.Contain("ssl_ca_cert"));
    }

    [Test]
    public async Task AnotherAuthority_IsNotTrusted()
    {
        await using var other = await FakeCluster.StartAsync();

        var test = await new BearerTokenType(new FakeClock()).TestConnectionAsync(Inputs(_cluster.Url, FakeCluster.Token, other.Authority, true), CancellationToken.None);

        Assert.That(test.Message, Does.Contain("not trusted"));
    }

    [Test]
    public async Task ACertificateOfTheRightAuthority_ForAnotherName_IsNotTrusted()
    {
        var other = _cluster.Url.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);

        var test = await new BearerTokenType(new FakeClock()).TestConnectionAsync(Inputs(other, FakeCluster.Token, _cluster.Authority, true), CancellationToken.None);

        Assert.That(test.Reachable, Is.False);
        Assert.That(test.Message, Does.Contain("not trusted").And.Contain("a name in the cluster's certificate"));
    }

    [Test]
    public async Task VerificationSwitchedOff_TrustsAnything()
    {
        var test = await TestAsync(FakeCluster.Token, withAuthority: false, verify: false);

        Assert.That(test.Authenticated, Is.True, test.Message);
    }

    [Test]
    public async Task AnotherServer_IsToldFromACluster()
    {
        _cluster.IsSomethingElse = true;

        Assert.That((await TestAsync(FakeCluster.Token)).Message, Does.Contain("not as a Kubernetes API does"));
    }

    [Test]
    public async Task AFailingServer_LeavesOpenWhatIsNotKnown()
    {
        _cluster.Status = 500;

        var test = await TestAsync(FakeCluster.Token);

        Assert.That((test.Reachable, test.Authenticated), Is.EqualTo(((bool?)true, (bool?)null)));
        Assert.That(test.Message, Does.Contain("500"));
    }

    [Test]
    public async Task NobodyThere_IsSaidWithTheAddress()
    {
        var test = await new BearerTokenType(new FakeClock()).TestConnectionAsync(Inputs("https://127.0.0.1:1", "t", null, true), CancellationToken.None);

        Assert.That(test.Reachable, Is.False);
        Assert.That(test.Message, Does.Contain("127.0.0.1:1"));
    }

    [Test]
    public async Task TheNamespaceOfAServiceAccount_IsTheOneThatIsAskedAbout()
    {
        var test = await TestAsync(_cluster.ServiceAccountToken("jobs", "runner"));

        Assert.That(test.Authenticated, Is.True, test.Message);
        Assert.That(_cluster.Namespaces, Is.All.EqualTo("jobs"));
        Assert.That(test.Details["user"], Is.EqualTo("system:serviceaccount:jobs:runner"));
    }

    [Test]
    public async Task TheClustersOwnWordOnWhoIsAsking_BeatsTheTokens()
    {
        _cluster.User = "system:serviceaccount:ci:awx";

        var test = await TestAsync(FakeCluster.Token);

        Assert.That(test.Details["user"], Is.EqualTo("system:serviceaccount:ci:awx"));
        Assert.That(_cluster.Namespaces, Is.All.EqualTo("ci"));
        Assert.That(test.Message, Does.Contain("system:serviceaccount:ci:awx"));
    }

    [Test]
    public async Task ForMissingVerbs_TheRulesToAddAreGiven()
    {
        _cluster.Forbidden.UnionWith(["list pods", "watch pods", "create pods/exec"]);

        Assert.That((await TestAsync(FakeCluster.Token)).Message, Does.Contain(
            """{apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"]} and {apiGroups: [""], resources: ["pods/exec"], verbs: ["create"]}"""));
    }

    [Test]
    public async Task ATokenThatExpires_SaysWhen()
    {
        var test = await TestAsync(_cluster.ServiceAccountToken("jobs", "runner", new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero)));

        Assert.That(test.Details["token_expires"], Is.EqualTo("2030-01-02 03:04:05Z"));
    }

    private Task<ConnectionTest> TestAsync(string token, bool withAuthority = true, bool verify = true) => new BearerTokenType(new FakeClock()).TestConnectionAsync(
        Inputs(_cluster.Url, token, withAuthority ? _cluster.Authority : null, verify), CancellationToken.None);

    private static InputValues Inputs(string host, string token, string? authority, bool verify) => new(new Dictionary<string, object?>
    {
        ["host"] = host,
        ["bearer_token"] = token,
        ["ssl_ca_cert"] = authority,
        ["verify_ssl"] = verify,
    });
}
