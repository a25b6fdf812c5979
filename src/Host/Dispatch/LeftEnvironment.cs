using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Dispatch;

/// <summary>The environment of a job whose end is stored, as its runner knew it.</summary>
/// <param name="Backend">Which made it.</param>
/// <param name="Target">Of the backend's calls, with the credential that the runner used last.</param>
/// <param name="Handle">The environment.</param>
/// <param name="Attempt">The job's attempt that it belongs to.</param>
internal sealed record LeftEnvironment(IExecutionBackend Backend, BackendTarget Target, EnvironmentHandle Handle, int Attempt);
