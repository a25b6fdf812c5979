namespace ContainerGroups.Abstractions;

/// <summary>
/// A way to run jobs. One instance serves every job of every group that uses it, on any thread, many at once.
/// <para>
/// The order for one attempt of a job is Provision, Start, then ReadOutput and WaitForExit side by side and as often as needed,
/// then Destroy. After a restart of the host it is Reattach first, then on from there. Cancel and Destroy may come at any time.
/// Every member is repeatable: the host calls it again after a failure or a crash, and the second call finds what the first one did.
/// </para>
/// <para>
/// Cancellation of a token means that the host no longer waits: the call ends promptly with <see cref="OperationCanceledException"/> and
/// <b>the job lives on</b>. Only <see cref="CancelAsync"/> and <see cref="DestroyAsync"/> end a job.
/// </para>
/// <para>Failures are <see cref="BackendException"/>s. Anything else that comes out is taken as a fault of the plugin.</para>
/// </summary>
public interface IExecutionBackend
{
    /// <summary>The stable name by which groups choose it: <c>kubernetes</c>, <c>local_instance</c>. Unique among all plugins.</summary>
    string Name { get; }

    /// <summary>What the host may expect of it. Constant.</summary>
    BackendCapabilities Capabilities { get; }

    /// <summary>The settings that a group may give, in the order in which a form shows them.</summary>
    IReadOnlyList<InputField> Settings { get; }

    /// <summary>Checks settings that have passed the schema. Returns every error at once; empty means legal. Without I/O.</summary>
    IReadOnlyList<InputError> ValidateSettings(InputValues settings);

    /// <summary>Says whether jobs could run on the target now, and what is missing. Bounded by the host to 30 seconds.
    /// Failures are results, not exceptions.</summary>
    Task<BackendHealth> CheckHealthAsync(BackendTarget target, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the environment of (installation, job, attempt), or finds it where it already is, and returns when it can take
    /// a payload. Its name derives from these three, so that two calls never make two.
    /// </summary>
    /// <exception cref="BackendException">It can't be made. What exists of it is left for <see cref="DestroyAsync"/>.</exception>
    Task<EnvironmentHandle> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Delivers the payload and starts the program, once: the first call leaves an exclusive start record in the environment, and
    /// a later call that finds it returns without doing anything. A broken delivery starts nothing.
    /// </summary>
    /// <exception cref="BackendException">The program was not started, or that is not known; Reattach tells.</exception>
    Task StartAsync(EnvironmentHandle handle, BackendTarget target, StartRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Reads what the program wrote to its standard output and error, from an absolute byte offset on, as it is written, until
    /// the program has ended and everything was read. Blocks are at most 1 MiB, in order, without gap, valid until the next is asked for.
    /// A lost connection is taken up again inside; if that fails a <see cref="BackendException"/> comes out and the host
    /// calls again with the offset it has reached. An offset at the end of an ended program's output gives nothing.
    /// Any number of readers at once.
    /// </summary>
    /// <exception cref="BackendException"><see cref="BackendFailureReason.EnvironmentLost"/> when the output is gone, or the offset is past its end.</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadOutputAsync(
        EnvironmentHandle handle, BackendTarget target, long offset, CancellationToken cancellationToken);

    /// <summary>Returns when the program has ended, with how. Returns at once, and the same, when it already has.</summary>
    /// <exception cref="BackendException"><see cref="BackendFailureReason.EnvironmentLost"/> when that can't be known any more.</exception>
    Task<JobExit> WaitForExitAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken);

    /// <summary>Says what has become of an environment, after a restart of the host or when in doubt.</summary>
    /// <exception cref="BackendException">It can't be told now (unreachable, unauthorized).</exception>
    Task<EnvironmentState> ReattachAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the program and everything it started: asks politely (SIGTERM), and kills what is left after the grace time.
    /// Returns when nothing of it runs any more. The environment stays, so that the rest of the output can be read.
    /// A program not yet started never starts: a later Start does nothing, and the program counts as ended by SIGTERM without output.
    /// Not started, ended and absent are success.
    /// </summary>
    Task CancelAsync(EnvironmentHandle handle, BackendTarget target, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Removes the environment and all it holds, ending what still runs, and returns when it is gone. Absent is success.</summary>
    Task DestroyAsync(EnvironmentHandle handle, BackendTarget target, CancellationToken cancellationToken);

    /// <summary>Lists every environment on the target that carries our installation id, whoever made it and whatever its state:
    /// the backend lists, the host decides what is an orphan.</summary>
    IAsyncEnumerable<EnvironmentListing> ListEnvironmentsAsync(BackendTarget target, CancellationToken cancellationToken);
}
