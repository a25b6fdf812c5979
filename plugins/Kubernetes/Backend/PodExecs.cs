using System.Text;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Exec;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>Opens connections into pods, not too many at once: after a restart thousands of jobs want theirs back.</summary>
internal sealed class PodExecs(ExecTransport transport)
{
    /// <summary>Openings at the same time, over all clusters. Once open, a connection counts no more.</summary>
    private const int Width = 64;

    private const int MostText = 64 * 1024;

    private readonly SemaphoreSlim _openings = new(Width);

    /// <exception cref="ApiException">The cluster could not be asked, or would not.</exception>
    public async Task<ExecSession> OpenAsync(
        KubernetesApi api, PodHandle pod, IReadOnlyList<string> command, bool stdin, CancellationToken cancellationToken)
    {
        await _openings.WaitAsync(cancellationToken);
        try
        {
            return await transport.OpenAsync(api, pod.Namespace, pod.Name, pod.Container, command, stdin, cancellationToken);
        }
        finally
        {
            _openings.Release();
        }
    }

    /// <summary>Reads a short answer to its end.</summary>
    /// <exception cref="ApiException">The command could not be run.</exception>
    /// <exception cref="IOException">The connection ended before the command did.</exception>
    public static async Task<ExecAnswer> ReadAllAsync(ExecSession session, CancellationToken cancellationToken)
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        while (await session.ReadAsync(cancellationToken) is { } frame)
        {
            var text = frame.Channel == ExecChannel.Stdout ? output : error;
            if (text.Length < MostText)
            {
                text.Append(Encoding.UTF8.GetString(frame.Data.Span));
            }
        }

        return new ExecAnswer(session.ExitCode ?? throw new IOException("The command's exit code did not arrive."), output.ToString(), error.ToString().Trim());
    }
}

/// <summary>What a short command said.</summary>
internal sealed record ExecAnswer(int ExitCode, string Output, string Error);
