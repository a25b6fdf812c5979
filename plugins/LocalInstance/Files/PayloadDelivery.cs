using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.LocalInstance.Linux;

namespace ContainerGroups.LocalInstance.Files;

/// <summary>Brings a job's files into its directory: unpacked aside, proven whole, then renamed. So the work directory is complete
/// or not there.</summary>
internal sealed class PayloadDelivery(RunDirectory directory, UserAccount? user)
{
    private const string StagingPrefix = "incoming.";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int DrainSize = 64 * 1024;

    public async Task DeliverAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var program = ProgramScript.Build(request.Command, request.Environment);
        var staging = directory.File($"{StagingPrefix}{Environment.ProcessId}.{Guid.NewGuid():N}");
        try
        {
            RemoveLeftovers();
            Directory.CreateDirectory(staging, Private);
            await UnpackAsync(request.Payload, staging, cancellationToken);
            var script = directory.File(Supervisor.ProgramFile);
            AtomicFile.Write(script, program, Private);
            HandOver(script);
            HandOver(staging);
            Directory.Move(staging, directory.Work);
        }
        catch (IOException) when (Directory.Exists(directory.Work))
        {
            // Another call was quicker, with the same files.
            Directory.Delete(staging, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.ToBackendException(exception, $"The files of the job can't be unpacked in {directory.Path}");
        }
    }

    private async Task UnpackAsync(IPayload payload, string staging, CancellationToken cancellationToken)
    {
        await using var stream = new HashingStream(await payload.OpenAsync(cancellationToken));
        try
        {
            // .NET writes an archive without entries as no bytes at all, and then can't read it.
            if (payload.Length > 0)
            {
                await new TreeUnpacker(staging, HandOver).UnpackAsync(stream, cancellationToken);
            }
        }
        catch (InvalidDataException exception)
        {
            throw Broken(exception.Message, exception);
        }
        catch (EndOfStreamException exception)
        {
            throw Broken("it ends too early.", exception);
        }

        var rest = new byte[DrainSize];
        while (await stream.ReadAsync(rest, cancellationToken) > 0)
        {
            // An archive may be padded; its hash covers that too.
        }

        if (stream.Count != payload.Length || stream.Sha256() != payload.Sha256)
        {
            throw Broken($"{payload.Length} bytes were announced, {stream.Count} came, and their hash is {(stream.Count == payload.Length ? "another" : "not compared")}.");
        }
    }

    /// <summary>Removes what a server that was killed had begun to unpack.</summary>
    private void RemoveLeftovers()
    {
        foreach (var leftover in Directory.EnumerateDirectories(directory.Path, $"{StagingPrefix}*"))
        {
            if (!Path.GetFileName(leftover).StartsWith($"{StagingPrefix}{Environment.ProcessId}.", StringComparison.Ordinal))
            {
                Directory.Delete(leftover, recursive: true);
            }
        }
    }

    private void HandOver(string path)
    {
        if (user is not null && Libc.ChangeOwner(path, user.UserId, user.GroupId) != 0)
        {
            throw new UnauthorizedAccessException($"The owner of {path} can't be changed to {user.Name}.");
        }
    }

    private static BackendException Broken(string how, Exception? cause = null) => new(
        BackendFailureReason.Unknown, $"The files of the job did not arrive whole: {how} Nothing was started.", isTransient: true, cause);
}
