using ContainerGroups.Abstractions;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.ExecutionEnvironments;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Dispatch;

/// <summary>What a runner knows of its job on the way from step to step.</summary>
internal sealed class JobStep(Job job, JobClaim claim, CancellationToken cancelRequested, CancellationToken stopping)
{
    private JobTarget? _target;

    /// <summary>The row as it was when the runner began.</summary>
    public Job Job { get; } = job;

    public JobClaim Claim { get; } = claim;

    /// <summary>The user wants the job to end.</summary>
    public CancellationToken CancelRequested { get; } = cancelRequested;

    /// <summary>The host stops: the runner lets go and the job lives on.</summary>
    public CancellationToken Stopping { get; } = stopping;

    public EnvironmentHandle? Handle { get; set; } = JobJson.Handle(job.EnvironmentHandle);

    /// <summary>When the job first ran; null before.</summary>
    public DateTime? Started { get; set; } = job.Started;

    public IExecutionBackend Backend => Aimed.Backend;

    public BackendTarget Target => Aimed.Target;

    public JobCredentialSet Credentials => Aimed.Credentials;

    public bool IsAimed => _target is not null;

    /// <exception cref="BackendException">The group or its backend is not there.</exception>
    public async Task AimAsync(GroupTargets targets, CancellationToken cancellationToken) =>
        _target = await targets.ResolveAsync(Job, Handle is null ? "" : Job.Backend, cancellationToken);

    /// <summary>The same with the group's row and credential as they are now. A group that is gone is taken as it was: its job runs on.</summary>
    /// <exception cref="BackendException">The backend is not there, or the credential can't be read.</exception>
    public async Task AimAnewAsync(GroupTargets targets, CancellationToken cancellationToken)
    {
        if (Job.InstanceGroup is { } known)
        {
            Job.InstanceGroup = await targets.FindGroupAsync(known.Id, cancellationToken) ?? known;
        }

        await AimAsync(targets, cancellationToken);
    }

    public ProvisionRequest ProvisionRequest(IProgress<EnvironmentProgress> progress, JobImage image) => new()
    {
        Target = Target,
        JobId = Job.Id,
        Attempt = Job.Attempt,
        JobName = Job.Name,
        Image = image.Image,
        DefaultImage = image.DefaultImage,
        ImagePull = image.Pull,
        Timeout = Limit,
        Progress = progress,
    };

    public StartRequest StartRequest(JobProgram program, IProgress<EnvironmentProgress> progress, DispatchOptions options) => new()
    {
        Command = program.Command,
        Environment = program.Environment,
        Payload = program.Payload,
        Timeout = Limit,
        Grace = options.CancelGrace,
        Progress = progress,
    };

    private JobTarget Aimed => _target ?? throw new InvalidOperationException("The target is not resolved yet.");

    /// <summary>The job's own time limit; null for none.</summary>
    private TimeSpan? Limit => Job.Timeout > 0 ? TimeSpan.FromSeconds(Job.Timeout) : null;

    /// <summary>Since when groups have refused it or let it wait for room; null while none has.</summary>
    public DateTime? RefusedSince { get; set; } = job.RefusedSince;

    /// <summary>From when on its program may have run, at the latest that is known; null while it can't have.</summary>
    public DateTime? MayRunSince { get; set; } = job.Started;

    /// <summary>When a job that can't be reached is given up; null for never.</summary>
    public DateTime? Deadline(TimeSpan margin) => Limit is { } limit && (Started ?? MayRunSince) is { } since ? since + limit + margin : null;
}
