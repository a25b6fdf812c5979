using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using ContainerGroups.Host.Hosting;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Hosting;

public sealed partial class ServeTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private TemporaryDirectory _directory = null!;

    private string Data => _directory.File("data");

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public async Task NoArguments_ServesInDataBesideTheCaller()
    {
        using var server = ServerProcess.Start(
            _directory.Path, new Dictionary<string, string> { ["CG_URLS"] = "https://127.0.0.1:0" });

        var file = await server.ServesAsync(Data);

        Assert.That(file.Url, Does.StartWith("https://127.0.0.1:"));
        Assert.That(File.GetUnixFileMode(Path.Combine(Data, ServerFile.FileName)), Is.EqualTo(OwnerOnly));
        Assert.That(File.GetUnixFileMode(Data), Is.EqualTo(OwnerOnly | UnixFileMode.UserExecute));
        await Eventually.BeAsync(() => server.Output.Contains($"Listening on {file.Url}", StringComparison.Ordinal), "the log says where it listens");
    }

    [Test]
    public async Task Settings_InSeveralPlaces_OptionsWinOverVariablesOverFiles()
    {
        await File.WriteAllTextAsync(
            _directory.File("appsettings.json"), $$"""{ "Urls": "https://127.0.0.1:0", "Data": "{{_directory.File("of-file")}}", "Instance": "of-file" }""");
        using var server = ServerProcess.Start(
            _directory.Path,
            new Dictionary<string, string> { ["CG_DATA"] = _directory.File("of-variable"), ["STATE_DIRECTORY"] = _directory.File("of-systemd") },
            "serve", "--data", _directory.File("of-option"));

        // The address, which only the file names, shows that it was read.
        var file = await server.ServesAsync(_directory.File("of-option"));

        Assert.That(file.Url, Does.Not.EndWith(":8043"));
        Assert.That(Directory.Exists(_directory.File("of-variable")), Is.False);
        Assert.That(Directory.Exists(_directory.File("of-file")), Is.False);
    }

    [Test]
    public async Task NoDataNamed_UnderSystemd_ServesInItsStateDirectory()
    {
        using var server = ServerProcess.Start(
            _directory.Path, new Dictionary<string, string> { ["STATE_DIRECTORY"] = _directory.File("state") + ":/elsewhere" }, "--urls", "http://127.0.0.1:0");

        await server.ServesAsync(_directory.File("state"));

        Assert.That(Directory.Exists(Data), Is.False);
    }

    [Test]
    public async Task FirstStart_MakesACertificateForThisMachine_AndKeepsIt()
    {
        byte[] first;
        using (var server = ServerProcess.Start(_directory.Path, "--data", Data, "--urls", "https://127.0.0.1:0"))
        {
            first = await CertificateOfAsync(await server.ServesAsync(Data), SslProtocols.Tls13);
            server.Signal("TERM");
            await server.EndsAsync();
        }

        using var again = ServerProcess.Start(_directory.Path, "--data", Data, "--urls", "https://127.0.0.1:0");
        var second = await CertificateOfAsync(await again.ServesAsync(Data), SslProtocols.Tls12);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(File.GetUnixFileMode(Path.Combine(Data, "https.key")), Is.EqualTo(OwnerOnly));
        using var certificate = X509CertificateLoader.LoadCertificate(first);
        foreach (var name in new[] { "localhost", "127.0.0.1", "::1", Environment.MachineName })
        {
            Assert.That(certificate.MatchesHostname(name), Is.True, name);
        }
    }

    [Test]
    public async Task SecondHostOnOneDataDirectory_IsRefusedInOneSentence()
    {
        using var first = ServerProcess.Start(_directory.Path, "--data", Data, "--urls", "http://127.0.0.1:0");
        var file = await first.ServesAsync(Data);

        using var second = ServerProcess.Start(_directory.Path, "--data", Data, "--urls", "http://127.0.0.1:0");

        Assert.That(await second.EndsAsync(), Is.EqualTo(121));
        Assert.That(second.Error, Does.Contain(Data).And.Contain("in use").And.Not.Contain("   at "));
        Assert.That(ServerFile.Read(Data), Is.EqualTo(file), "the first one's address is left alone");
    }

    [Test]
    public async Task AfterAKill_TheDirectoryIsFreeAtOnce()
    {
        using (var killed = ServerProcess.Start(_directory.Path, "--data", Data, "--urls", "http://127.0.0.1:0"))
        {
            await killed.ServesAsync(Data);
            killed.Signal("KILL");
            await killed.EndsAsync();
        }

        using var next = ServerProcess.Start(_directory.Path, "--data", Data, "--urls", "http://127.0.0.1:0");

        var file = await next.ServesAsync(Data);
        Assert.That(file.ProcessId, Is.EqualTo(next.Id));
    }

    [TestCase("TERM")]
    [TestCase("INT")]
    public async Task StopSignal_EndsWithinFiveSeconds_EvenWithAnOpenRequest(string signal)
    {
        using var server = ServerProcess.Start(_directory.Path, "--data", Data, "--urls", "http://127.0.0.1:0");
        var file = await server.ServesAsync(Data);
        using var client = new TcpClient();
        var url = new Uri(file.Url);
        await client.ConnectAsync(url.Host, url.Port);
        await client.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf"u8.ToArray());

        var watch = Stopwatch.StartNew();
        server.Signal(signal);
        var status = await server.EndsAsync();

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(status, Is.Zero);
        Assert.That(ServerFile.Read(Data), Is.Null, "nobody is sent to a server that is gone");
        Assert.That(server.Output, Does.Contain("Stopping; jobs that run go on"));
    }

    [TestCase("foo", "Urls: foo is not an address")]
    [TestCase("https://127.0.0.1:99999", "Urls: https://127.0.0.1:99999 has no port")]
    [TestCase("ftp://127.0.0.1:1", "Urls: ftp://127.0.0.1:1 begins neither")]
    public async Task BadSetting_EndsTheStartWithTheSettingsName(string urls, string sentence)
    {
        using var server = ServerProcess.Start(_directory.Path, "serve", "--data", Data, "--urls", urls);

        Assert.That(await server.EndsAsync(), Is.EqualTo(121));
        Assert.That(server.Error, Does.Contain(sentence).And.Not.Contain("   at "));
    }

    [Test]
    public async Task PortInUse_EndsTheStartInOneSentence()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var server = ServerProcess.Start(_directory.Path, "serve", "--data", Data, "--urls", $"https://{listener.LocalEndpoint}");

        Assert.That(await server.EndsAsync(), Is.EqualTo(121));
        Assert.That(server.Error, Does.Contain("address already in use").And.Not.Contain("   at "));
        Assert.That(
            server.Output, Does.Not.Contain("BackgroundService").And.Not.Contain("   at ").And.Not.Contain("Stopping"), "what had begun is no failure of its own");
    }

    [Test]
    public async Task FirstStartThatFails_HasShownThePassword_ThatOpensTheNext()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var failing = ServerProcess.Start(_directory.Path, "serve", "--data", Data, "--urls", $"https://{listener.LocalEndpoint}");
        Assert.That(await failing.EndsAsync(), Is.EqualTo(121));
        var shown = ShownPassword().Match(failing.Output);
        Assert.That(shown.Success, Is.True, failing.Output);

        using var next = ServerProcess.Start(_directory.Path, "serve", "--data", Data, "--urls", "http://127.0.0.1:0");
        var file = await next.ServesAsync(Data);

        using var client = new HttpClient { BaseAddress = new Uri(file.Url) };
        var login = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"admin:{shown.Groups[1].Value}"));
        client.DefaultRequestHeaders.Authorization = new("Basic", login);
        Assert.That((await client.GetAsync("/api/v2/me/")).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.OK));
        Assert.That(ShownPassword().IsMatch(next.Output), Is.False);
    }

    [Test]
    public async Task AddressOfAnotherMachine_IsNamed()
    {
        // Of the addresses for documentation, which no machine has.
        using var server = ServerProcess.Start(_directory.Path, "serve", "--data", Data, "--urls", "https://192.0.2.1:8043");

        Assert.That(await server.EndsAsync(), Is.EqualTo(121));
        Assert.That(server.Error, Does.Contain("Urls: https://192.0.2.1:8043 can't be listened on").And.Not.Contain("   at "));
    }

    [Test]
    public async Task DataDirectoryThatCannotBe_IsNamed()
    {
        await File.WriteAllTextAsync(_directory.File("file"), "");
        var data = Path.Combine(_directory.File("file"), "data");
        using var server = ServerProcess.Start(_directory.Path, "serve", "--data", data, "--urls", "http://127.0.0.1:0");

        Assert.That(await server.EndsAsync(), Is.EqualTo(121));
        Assert.That(server.Error, Does.Contain($"The data directory {data} can't be used").And.Not.Contain("   at "));
    }

    [Test]
    public async Task UnknownSetting_IsWarnedOf()
    {
        using var server = ServerProcess.Start(
            _directory.Path, new Dictionary<string, string> { ["CG_URLS"] = "http://127.0.0.1:0", ["CG_DISPATCH__CLAIMBTACH"] = "5" });

        await server.PrintsAsync("There is no setting CG_DISPATCH__CLAIMBTACH");
    }

    [Test]
    public async Task RotateKey_WhereNoStoreIs_IsRefused_AndMakesNone()
    {
        using var command = ServerProcess.Start(_directory.Path, "rotate-key", "--data", Data);

        Assert.That(await command.EndsAsync(), Is.EqualTo(120));
        Assert.That(command.Error, Does.Contain($"There is no store in {Data}"));
        Assert.That(Directory.Exists(Data), Is.False);
    }

    [TestCase("/api/v2/ping/", 200)]
    [TestCase("/api/v2/nothing/", 404)]
    [TestCase("/api/v2/jobs/", 401)]
    [TestCase("/api/login/", 200)]
    [TestCase("/", 302)]
    public async Task HeadOverHttp2_HasHeadersAlone(string path, int status)
    {
        using var server = ServerProcess.Start(_directory.Path, "serve", "--data", Data, "--urls", "https://127.0.0.1:0");
        var file = await server.ServesAsync(Data);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Head, file.Url + path)
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await client.SendAsync(request);

        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task Help_SaysWhereSettingsComeFrom()
    {
        using var command = ServerProcess.Start(_directory.Path, "serve", "--help");

        Assert.That(await command.EndsAsync(), Is.Zero);
        Assert.That(command.Output, Does.Contain("CG_URLS; https://127.0.0.1:8043").And.Contain("appsettings.json").And.Contain("CG_ADMIN_PASSWORD"));
    }

    [Test]
    public async Task BrokenSettingsFile_IsNamed()
    {
        await File.WriteAllTextAsync(_directory.File("appsettings.json"), "{ \"Urls\": ");
        using var server = ServerProcess.Start(_directory.Path, "serve", "--data", Data);

        Assert.That(await server.EndsAsync(), Is.EqualTo(121));
        Assert.That(server.Error, Does.Contain(_directory.File("appsettings.json")).And.Contain("LineNumber").And.Not.Contain("   at "));
    }

    private static async Task<byte[]> CertificateOfAsync(ServerFile server, SslProtocols protocol)
    {
        var url = new Uri(server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol });
        Assert.That(tls.SslProtocol, Is.EqualTo(protocol));
        Assert.That(tls.RemoteCertificate!.GetCertHashString(HashAlgorithmName.SHA256), Is.EqualTo(server.CertificateSha256));
        return tls.RemoteCertificate.Export(X509ContentType.Cert);
    }

    [GeneratedRegex("the password, which is shown only now: (\\S+)")]
    private static partial Regex ShownPassword();
}
