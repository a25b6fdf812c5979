namespace ContainerGroups.Abstractions;

/// <summary>What the host may expect of a backend.</summary>
public sealed record BackendCapabilities
{
    /// <summary>
    /// Whether any host of the installation can reach an environment (pods), or only the host of the instance on which it lives.
    /// Jobs of the first kind are taken over by another host when theirs is silent; those of the second kind wait for it.
    /// </summary>
    public required bool ReachableFromAnyHost { get; init; }

    /// <summary>Whether jobs are placed on instances, with their capacity (always-on), or on the group as a whole (container groups).</summary>
    public required bool UsesInstances { get; init; }

    /// <summary>The kind that the group's credential must have (<c>kubernetes</c>); null when it needs none.</summary>
    public string? CredentialKind { get; init; }
}

/// <summary>Where a job goes: a group's settings and its decrypted credential. Made afresh from what is stored for every call.</summary>
public sealed record BackendTarget
{
    /// <summary>The id of the instance group; a backend may key connections by it, together with the credential.</summary>
    public required long InstanceGroupId { get; init; }

    /// <summary>The name of the instance group, for messages.</summary>
    public required string InstanceGroupName { get; init; }

    /// <summary>The group's settings for this backend, validated.</summary>
    public InputValues Settings { get; init; } = InputValues.Empty;

    /// <summary>The group's <c>pod_spec_override</c> as the user wrote it; empty for none.</summary>
    public string PodSpecOverride { get; init; } = "";

    /// <summary>The namespace of the type of the group's credential; null without one.</summary>
    public string? CredentialTypeNamespace { get; init; }

    /// <summary>The credential's values in clear; empty without one.</summary>
    public InputValues Credential { get; init; } = InputValues.Empty;

    /// <summary>Changes whenever the credential does, so that what was cached for the old one can be dropped.</summary>
    public string CredentialVersion { get; init; } = "";

    /// <summary>The instance's hostname, for backends that use instances; else null.</summary>
    public string? InstanceHostname { get; init; }
}

/// <summary>Whether jobs could run on a target now.</summary>
public sealed record BackendHealth
{
    /// <summary>Whether a job sent there now could be expected to run.</summary>
    public required bool Healthy { get; init; }

    /// <summary>What was found and what to do, in plain sentences, without secrets.</summary>
    public required string Message { get; init; }

    /// <summary>Permissions that are missing, by name.</summary>
    public IReadOnlyList<string> MissingPermissions { get; init; } = [];

    /// <summary>More facts, by name.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}

/// <summary>Names an environment for the host, which stores it and hands it back after a restart, or to a newer version of
/// the plugin, unread. Holds no secret.</summary>
public sealed record EnvironmentHandle
{
    /// <summary>The environment's name, for people: the pod's name, the run directory's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version of <see cref="Data"/>, counted by the backend. A backend reads every version it ever wrote.</summary>
    public required int Version { get; init; }

    /// <summary>What the backend needs to find the environment again; its own business. At most 4,000 characters.</summary>
    public required string Data { get; init; }
}

/// <summary>Asks for the environment of one attempt of a job.</summary>
public sealed record ProvisionRequest
{
    /// <summary>Where.</summary>
    public required BackendTarget Target { get; init; }

    /// <summary>The job's id.</summary>
    public required long JobId { get; init; }

    /// <summary>The attempt, from 1. It grows only after the environment of the attempt before was destroyed.</summary>
    public required int Attempt { get; init; }

    /// <summary>The job's name, for labels and messages.</summary>
    public string JobName { get; init; } = "";

    /// <summary>The image that the job asks for; null when it leaves that to the group. Ignored where there are no images.</summary>
    public string? Image { get; init; }

    /// <summary>The image that holds when neither the job nor the group names one; null to leave it to the backend.</summary>
    public string? DefaultImage { get; init; }

    /// <summary>When to pull: <c>always</c>, <c>missing</c>, <c>never</c>; empty to leave it to the group.</summary>
    public string ImagePull { get; init; } = "";

    /// <summary>The longest time that the program may run; null for no limit. Environments that die by themselves add their margins.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Told what happens meanwhile; null when nobody listens. Calls are cheap and never throw.</summary>
    public IProgress<EnvironmentProgress>? Progress { get; init; }
}

/// <summary>Something that happened to an environment.</summary>
public sealed record EnvironmentProgress
{
    /// <summary>A phase reached, one of <see cref="EnvironmentPhases"/>; null when the environment only waits.</summary>
    public string? Phase { get; init; }

    /// <summary>Why it waits, when it does; null otherwise. The host may give up and go elsewhere.</summary>
    public BackendFailureReason? WaitingFor { get; init; }

    /// <summary>The other side's own words, for the user; may be empty.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>Names of the phases that a backend reports, in their order.</summary>
public static class EnvironmentPhases
{
    /// <summary>The environment exists.</summary>
    public const string EnvironmentCreated = "environment created";

    /// <summary>A machine was found for it.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>Its image is there.</summary>
    public const string ImagePulled = "image pulled";

    /// <summary>It can take a payload.</summary>
    public const string Ready = "ready";

    /// <summary>The payload has arrived whole.</summary>
    public const string PayloadDelivered = "payload delivered";
}

/// <summary>What to run, and with which files. Everything here may be secret, and travels in the payload only.</summary>
public sealed record StartRequest
{
    /// <summary>The program and its arguments; at least the program. Found by <c>PATH</c> inside the environment unless it holds a slash.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Variables that the program gets besides those of the environment itself. Names are POSIX names.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The files.</summary>
    public required IPayload Payload { get; init; }

    /// <summary>The longest time that the program may run, counted by the supervisor from its start; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long a program that has to end is asked politely before it is killed, when the time is up.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told when phases are reached; null when nobody listens.</summary>
    public IProgress<EnvironmentProgress>? Progress { get; init; }
}

/// <summary>The files of a job, as a tar archive (POSIX pax or ustar, not compressed): regular files, directories and, inside the archive's
/// own tree, symbolic links, with relative names. It is unpacked into the program's working directory.</summary>
public interface IPayload
{
    /// <summary>The length of the archive in bytes.</summary>
    long Length { get; }

    /// <summary>The SHA-256 of the archive, 64 lower-case hexadecimal digits.</summary>
    string Sha256 { get; }

    /// <summary>Opens the archive at its beginning. May be called several times; every call gives the same bytes.</summary>
    Task<Stream> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>How a program ended.</summary>
public sealed record JobExit
{
    /// <summary>The exit code, 0 to 255; 128 plus the signal when a signal ended it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The signal that ended it; null when it ended by itself. A shell reports a signal as a code above 128, so a program that
    /// exits with such a code by itself is taken as ended by that signal.</summary>
    public int? Signal { get; init; }

    /// <summary>Whether a memory limit ended it.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>Whether it was ended for having used up <see cref="StartRequest.Timeout"/>.</summary>
    public bool TimedOut { get; init; }

    /// <summary>The number of bytes it wrote in all: an offset up to which output must be read before it is complete.</summary>
    public required long OutputLength { get; init; }

    /// <summary>How long the program ran, by a clock that nobody sets; null when that is not known. The host may have been away when it
    /// ended: without this it takes its own return for the end.</summary>
    public TimeSpan? RunTime { get; init; }

    /// <summary>What else is known, for the user; may be empty.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>What has become of an environment.</summary>
public enum EnvironmentState
{
    /// <summary>It is there, the program was never started.</summary>
    NotStarted,

    /// <summary>The program runs.</summary>
    Running,

    /// <summary>The program has ended; how, and its output, can be read.</summary>
    Exited,

    /// <summary>It is gone, or how the program ended can't be known any more.</summary>
    Lost,
}

/// <summary>An environment that exists.</summary>
public sealed record EnvironmentListing
{
    /// <summary>Its handle, good for <see cref="IExecutionBackend.DestroyAsync"/>.</summary>
    public required EnvironmentHandle Handle { get; init; }

    /// <summary>The job it was made for.</summary>
    public required long JobId { get; init; }

    /// <summary>The attempt it was made for.</summary>
    public required int Attempt { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
