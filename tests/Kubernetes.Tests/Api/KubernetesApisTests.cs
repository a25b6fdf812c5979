using System.Runtime.CompilerServices;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Api.Connections;

namespace ContainerGroups.Kubernetes.Tests.Api;

internal sealed class KubernetesApisTests
{
    private ScriptedServer _server = null!;
    private FakeClock _clock = null!;
    private KubernetesApis _apis = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _clock = new FakeClock();
        _apis = new KubernetesApis(Context(_clock));
    }

    [TearDown]
    public async Task StopAsync()
    {
        _apis.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public void TheSameValuesAndVersion_HaveOneView_AndOthersTheirOwn()
    {
        var one = _apis.For(_server.Credential("a"), "1-1");

        Assert.That(_apis.For(_server.Credential("a"), "1-1"), Is.SameAs(one));
        Assert.That(_apis.For(_server.Credential("a"), "1-2"), Is.Not.SameAs(one));
        Assert.That(_apis.For(_server.Credential("b"), "1-1"), Is.Not.SameAs(one));
    }

    [Test]
    public async Task TwoCredentialsOfOneCluster_ShareTheConnection_EachWithItsToken()
    {
        _server.Then(200, PodTexts.Pod("a")).Then(200, PodTexts.Pod("a"));

        await _apis.For(_server.Credential("one"), "1-1").FindPodAsync("ns", "a", CancellationToken.None);
        await _apis.For(_server.Credential("two"), "2-1").FindPodAsync("ns", "a", CancellationToken.None);

        Assert.That(_server.Seen.Select(seen => seen.Authorization), Is.EqualTo(new[] { "Bearer one", "Bearer two" }));
        Assert.That(_server.Seen.Select(seen => seen.Connection).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task AViewThatIsInUse_Stays_AndWorks_HoweverOldItIs()
    {
        _server.Then(200, PodTexts.Pod("a"));
        var held = _apis.For(_server.Credential("a"), "1-1");
        _clock.Advance(TimeSpan.FromHours(5));
        _apis.For(_server.Credential("b"), "1-2");
        GC.Collect();

        Assert.That(_apis.For(_server.Credential("a"), "1-1"), Is.SameAs(held));
        Assert.That((await held.FindPodAsync("ns", "a", CancellationToken.None))!.Name, Is.EqualTo("a"));
    }

    [Test]
    public void AViewThatNobodyAsksFor_IsForgotten()
    {
        var forgotten = AskOnce();
        _clock.Advance(TimeSpan.FromHours(5));
        _apis.For(_server.Credential("b"), "1-2");
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(forgotten.TryGetTarget(out _), Is.False);
    }

    [Test]
    public void WithoutACredential_OutsideOfACluster_ThatIsSaid()
    {
        var failure = Assert.Throws<BackendException>(() => _apis.For(InputValues.Empty, ""));

        Assert.That(failure!.Reason, Is.EqualTo(BackendFailureReason.InvalidSettings));
        Assert.That(failure.Message, Does.Contain("no credential"));
    }

    [Test]
    public void AnAuthorityThatCannotBeRead_IsRefused_NotLeftOut()
    {
        var credential = new InputValues(new Dictionary<string, object?> { ["host"] = "https://c", ["bearer_token"] = "t", ["ssl_ca_cert"] = "nonsense" });

        Assert.That(Assert.Throws<BackendException>(() => _apis.For(credential, "1-1"))!.Message, Does.Contain("ssl_ca_cert").And.Not.Contain("nonsense"));
    }

    [Test]
    public void InsideACluster_ThePodsOwnAccountIsFound()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(Path.Combine(directory.Path, "token"), "t");
        File.WriteAllText(Path.Combine(directory.Path, "ca.crt"), "pem\n");
        File.WriteAllText(Path.Combine(directory.Path, "namespace"), "jobs\n");
        var account = new InClusterAccount(Variables("fd00::1", "6443"), directory.Path, _clock);

        var (address, _) = account.TryRead()!.Value;

        Assert.That(address, Is.EqualTo(new ClusterAddress(new Uri("https://[fd00::1]:6443/"), "pem", VerifyTls: true)));
        Assert.That(account.Namespace, Is.EqualTo("jobs"));
    }

    [Test]
    public void APodWithoutAToken_HasNoAccount()
    {
        using var directory = new TemporaryDirectory();

        Assert.That(new InClusterAccount(Variables("10.0.0.1", null), directory.Path, _clock).TryRead(), Is.Null);
        Assert.That(new InClusterAccount(Variables(null, null), directory.Path, _clock).Namespace, Is.Null);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<KubernetesApi> AskOnce() => new(_apis.For(_server.Credential("a"), "1-1"));

    private static Func<string, string?> Variables(string? host, string? port) =>
        name => name == "KUBERNETES_SERVICE_HOST" ? host : name == "KUBERNETES_SERVICE_PORT" ? port : null;

    private static PluginContext Context(TimeProvider clock) => new()
    {
        PluginId = "kubernetes",
        InstallationId = "test",
        DataDirectory = "",
        Configuration = new Dictionary<string, string>(),
        Log = new NoLog(),
        Clock = clock,
    };

    private sealed class NoLog : IPluginLog
    {
        public void Write(PluginLogLevel level, string message, Exception? exception = null)
        {
        }
    }
}
