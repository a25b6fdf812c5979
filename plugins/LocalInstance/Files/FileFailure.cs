using ContainerGroups.Abstractions;
using ContainerGroups.LocalInstance.Linux;

namespace ContainerGroups.LocalInstance.Files;

/// <summary>Says what a failure of the file system means for a job.</summary>
internal static class FileFailure
{
    public static BackendException ToBackendException(Exception exception, string what) => exception switch
    {
        // On Unix the result code of an IOException is the system's error number.
        { HResult: Libc.NoSpace or Libc.QuotaExceeded } => new BackendException(
            BackendFailureReason.DiskFull, $"{what}: the disk is full; free some space.", isTransient: true, exception),
        UnauthorizedAccessException => new BackendException(
            BackendFailureReason.Forbidden, $"{what}: {exception.Message} Give the server's user access.", innerException: exception),
        _ => new BackendException(BackendFailureReason.Unknown, $"{what}: {exception.Message}", isTransient: true, exception),
    };
}
