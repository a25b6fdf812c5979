namespace ContainerGroups.Host.Dispatch;

/// <summary>The user canceled the job before its program was started.</summary>
internal sealed class JobCanceledException() : Exception("The job was canceled.");

/// <summary>Nobody can say whether, or how far, the program ran: the job is not run again by itself.</summary>
internal sealed class MayHaveRunException(string message) : Exception(message);
