using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Exec;
using ContainerGroups.Kubernetes.PodSpecs;
using ContainerGroups.Kubernetes.Watching;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Runs every job in a pod that exists for that job only.</summary>
internal sealed class KubernetesBackend : IExecutionBackend, IEnvironmentPreview
{
    private readonly PluginContext _context;
    private readonly KubernetesApis _apis;
    private readonly NamespaceWatches _watches;
    private readonly PodExecs _execs;
    private readonly PodPreview _preview;
    private readonly PodRuns _runs = new();

    public KubernetesBackend(PluginContext context)
    {
        _context = context;
        _apis = new KubernetesApis(context);
        _watches = new NamespaceWatches(context, PodIdentity.Selector(context.InstallationId));
        _execs = new PodExecs(new ExecTransport(context.Clock));
        _preview = new PodPreview(request => Describe(request, new KubernetesSettings(request.Target.Settings)), Api, _apis.OwnNamespace);
    }

    public string Name => "kubernetes";

    public BackendCapabilities Capabilities { get; } =
        new() { ReachableFromAnyHost = true, UsesInstances = false, CredentialKind = "kubernetes" };

    public IReadOnlyList<InputField> Settings => KubernetesSettings.Fields;

    public string DefaultSpec => _preview.DefaultSpec;

    public IReadOnlyList<InputError> ValidateSpec(string spec) => _preview.ValidateSpec(spec);

    public Task<EnvironmentPreview> PreviewAsync(ProvisionRequest request, bool askTarget, CancellationToken cancellationToken) =>
        _preview.PreviewAsync(request, askTarget, cancellationToken);

    public IReadOnlyList<InputError> ValidateSettings(InputValues settings) => KubernetesSettings.Validate(settings);

    public async Task<BackendHealth> CheckHealthAsync(BackendTarget target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var (api, @namespace) = (Api(target), NamespaceOf(target));
            return await ClusterHealth.CheckAsync(api, target, @namespace, _watches.For(api, @namespace).WatchRefused, cancellationToken);
        }
        catch (BackendException exception)
        {
            return new BackendHealth { Healthy = false, Message = exception.Message };
        }
    }

    public async Task<EnvironmentHandle> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var settings = new KubernetesSettings(request.Target.Settings);
        var effective = PodSpecBuilder.Build(Describe(request, settings));
        var api = Api(request.Target);
        var provision = new PodProvision(api, _watches.For(api, effective.Namespace), effective, settings, request.Progress, _context.Clock);
        return (await provision.RunAsync(cancellationToken)).ToHandle();
    }

    public async Task StartAsync(EnvironmentHandle handle, BackendTarget target, StartRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var place = Place(handle, target);
        await new PayloadDelivery(place, _runs.For(place.Pod), _context.Clock).RunAsync(request, cancellationToken);
    }

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadOutputAsync(
        EnvironmentHandle handle, BackendTarget target, long offset, CancellationToken cancellationToken) =>
        Follow(handle, target).ReadAsync(offset, cancellationToken);

    public Task<JobExit> WaitForExitAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        Follow(handle, target).WaitAsync(cancellationToken);

    public Task<EnvironmentState> ReattachAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken) =>
        new PodPrograms(Place(handle, target)).FindStateAsync(cancellationToken);

    public Task CancelAsync(EnvironmentHandle handle, BackendTarget target, TimeSpan grace, CancellationToken cancellationToken) =>
        new PodPrograms(Place(handle, target)).StopAsync(grace, cancellationToken);

    public async Task DestroyAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken)
    {
        var place = Place(handle, target);
        await new PodRemoval(place, _context.Clock).RunAsync(cancellationToken);
        _runs.Forget(place.Pod);
    }

    public IAsyncEnumerable<EnvironmentListing> ListEnvironmentsAsync(BackendTarget target, CancellationToken cancellationToken) =>
        PodListing.ReadAsync(Api(target), NamespaceOf(target), PodIdentity.Selector(_context.InstallationId), cancellationToken);

    private PodSpecRequest Describe(ProvisionRequest request, KubernetesSettings settings) => new()
    {
        InstallationId = _context.InstallationId,
        JobId = request.JobId,
        Attempt = request.Attempt,
        JobName = request.JobName,
        Override = request.Target.PodSpecOverride,
        Image = request.Image,
        DefaultImage = request.DefaultImage,
        ImagePull = request.ImagePull,
        Timeout = request.Timeout,
        MaxPodLifetime = settings.MaxPodLifetime,
        OwnNamespace = _apis.OwnNamespace,
    };

    /// <summary>Where the group's pods are, whichever job they are for.</summary>
    private string NamespaceOf(BackendTarget target) => PodSpecBuilder.Build(new PodSpecRequest
    {
        InstallationId = _context.InstallationId,
        JobId = 0,
        Attempt = 0,
        Override = target.PodSpecOverride,
        OwnNamespace = _apis.OwnNamespace,
    }).Namespace;

    private KubernetesApi Api(BackendTarget target) => _apis.For(target.Credential, target.CredentialVersion);

    private PodFollow Follow(EnvironmentHandle handle, BackendTarget target)
    {
        var place = Place(handle, target);
        return new PodFollow(place, _runs.For(place.Pod), _context.Clock);
    }

    private PodPlace Place(EnvironmentHandle handle, BackendTarget target)
    {
        var pod = PodHandle.Of(handle);
        var api = Api(target);
        return new PodPlace(api, pod, _watches.For(api, pod.Namespace), _execs);
    }
}
