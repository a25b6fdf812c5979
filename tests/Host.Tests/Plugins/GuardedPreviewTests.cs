using ContainerGroups.Abstractions;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.Tests.Plugins;

/// <summary>The ability of a backend to show environments beforehand, through the guard.</summary>
internal sealed class GuardedPreviewTests
{
    private const string Secret = "s3cr3t-token";

    private static readonly ProvisionRequest Request = new()
    {
        Target = new BackendTarget
        {
            InstanceGroupId = 1,
            InstanceGroupName = "pods",
            CredentialTypeNamespace = "unknown",
            Credential = new InputValues([new("token", Secret)]),
        },
        JobId = 0,
        Attempt = 1,
    };

    private readonly FakeClock _clock = new();

    [Test]
    public void BackendWithoutPreview_HasNoneBehindTheGuard() =>
        Assert.That(Wrap(new StubBackend(_ => Task.CompletedTask)), Is.Not.InstanceOf<IEnvironmentPreview>());

    [Test]
    public async Task Preview_ComesThrough()
    {
        var preview = Guard(_ => Task.CompletedTask);

        Assert.That(preview.DefaultSpec, Is.EqualTo("{}"));
        Assert.That(preview.ValidateSpec("x").Single().Message, Is.EqualTo("x is wrong"));
        Assert.That((await preview.PreviewAsync(Request, true, CancellationToken.None)).Spec, Is.EqualTo("{}"));
    }

    [Test]
    public void Fault_BecomesABackendException_WithoutSecrets()
    {
        var preview = Guard(_ => throw new FormatException($"bad header {Secret}"));

        var failure = Assert.ThrowsAsync<BackendException>(() => preview.PreviewAsync(Request, false, CancellationToken.None))!;
        Assert.That(failure.Message, Is.EqualTo("Plugin stub_plugin failed in PreviewAsync: bad header ***"));
    }

    [Test]
    public async Task PreviewThatDoesNotAnswer_IsGivenUp()
    {
        var preview = Guard(token => Task.Delay(Timeout.Infinite, token));

        var call = preview.PreviewAsync(Request, true, CancellationToken.None);
        await Eventually.BeAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(10));
                return call.IsCompleted;
            },
            "the call has ended");

        var failure = Assert.ThrowsAsync<BackendException>(() => call)!;
        Assert.That(failure.Message, Does.Contain("did not answer PreviewAsync within 30 seconds"));
    }

    private IEnvironmentPreview Guard(Func<CancellationToken, Task> act) => (IEnvironmentPreview)Wrap(new Previewing(act));

    private GuardedBackend Wrap(IExecutionBackend backend) =>
        GuardedBackend.Wrap(backend, new PluginCalls("stub_plugin", _clock, NullLogger.Instance), _ => null);

    private sealed class Previewing(Func<CancellationToken, Task> act) : StubBackend(act), IEnvironmentPreview
    {
        private readonly Func<CancellationToken, Task> _act = act;

        public string DefaultSpec => "{}";

        public IReadOnlyList<InputError> ValidateSpec(string spec) => [new InputError { Field = "", Message = $"{spec} is wrong" }];

        public async Task<EnvironmentPreview> PreviewAsync(ProvisionRequest request, bool askTarget, CancellationToken cancellationToken)
        {
            await _act(cancellationToken);
            return new EnvironmentPreview { Spec = "{}" };
        }
    }
}
