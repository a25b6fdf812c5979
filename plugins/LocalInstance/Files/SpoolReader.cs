using System.Runtime.CompilerServices;
using ContainerGroups.Abstractions;
using ContainerGroups.LocalInstance.Processes;
using Microsoft.Win32.SafeHandles;

namespace ContainerGroups.LocalInstance.Files;

/// <summary>Reads a program's output from an offset to its end, as it is written.</summary>
internal sealed class SpoolReader(EnvironmentWatch watch, long offset)
{
    /// <summary>Below what .NET puts on its heap for large objects.</summary>
    private const int BlockSize = 80 * 1024;

    private RunDirectory Directory => watch.Directory;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = watch.Subscribe();
        var buffer = new byte[BlockSize];
        var position = offset;
        long? end = null;
        var lookAtLife = true;
        SafeFileHandle? spool = null;
        try
        {
            while (end != position)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var change = subscription.Next();
                spool ??= Open();
                var length = spool is null ? 0 : await ReadAsync(spool, buffer, position, cancellationToken);
                if (length > 0)
                {
                    position += length;
                    yield return buffer.AsMemory(0, length);
                    continue;
                }

                ThrowIfPastEnd(position, end);
                end ??= FindLength();
                if (end is not null)
                {
                    continue;
                }

                if (lookAtLife)
                {
                    watch.ThrowIfLost();
                }

                lookAtLife = !await watch.HappensAsync(subscription, change, cancellationToken);
            }
        }
        finally
        {
            spool?.Dispose();
        }
    }

    private async ValueTask<int> ReadAsync(SafeFileHandle spool, Memory<byte> buffer, long position, CancellationToken cancellationToken)
    {
        try
        {
            return await RandomAccess.ReadAsync(spool, buffer, position, cancellationToken);
        }
        catch (IOException exception)
        {
            throw FileFailure.ToBackendException(exception, $"The output of the environment {Directory.Name} can't be read");
        }
    }

    private SafeFileHandle? Open()
    {
        try
        {
            return File.OpenHandle(Directory.Spool, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.ToBackendException(exception, $"The output of the environment {Directory.Name} can't be opened");
        }
    }

    /// <summary>The output's final length; null while the program runs.</summary>
    private long? FindLength() => Directory.ReadExit() is { } exit ? exit.OutputLength : Directory.FindEnd()?.OutputLength;

    private void ThrowIfPastEnd(long position, long? end)
    {
        if (end is not null && position != end)
        {
            throw new BackendException(
                BackendFailureReason.EnvironmentLost,
                $"The output of the environment {Directory.Name} can't be read at offset {position}: it ends elsewhere, so it was changed from outside.");
        }
    }
}
