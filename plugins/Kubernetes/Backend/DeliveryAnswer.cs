using System.Globalization;
using System.Text;
using ContainerGroups.Kubernetes.Diagnosis;
using ContainerGroups.Kubernetes.Exec;

namespace ContainerGroups.Kubernetes.Backend;

/// <summary>The line with which a delivery is answered, and what has come after it already.</summary>
/// <param name="Line">The supervisor's answer, or the script's own.</param>
/// <param name="Output">The beginning of the program's output.</param>
/// <param name="Report">The beginning of the report on it.</param>
internal sealed record DeliveryAnswer(string Line, ReadOnlyMemory<byte> Output, byte[] Report)
{
    private const int MostBytes = 64 * 1024;

    /// <exception cref="Api.ApiException">The script could not be run.</exception>
    /// <exception cref="IOException">There was no answer.</exception>
    public static async Task<DeliveryAnswer> ReadAsync(ExecSession session, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        while (output.Length < MostBytes && error.Length < MostBytes && await session.ReadAsync(cancellationToken) is { } frame)
        {
            (frame.Channel == ExecChannel.Stdout ? output : error).Write(frame.Data.Span);
            var bytes = output.GetBuffer().AsMemory(0, (int)output.Length);
            if (bytes.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                return new DeliveryAnswer(Encoding.UTF8.GetString(bytes.Span[..end]), bytes[(end + 1)..].ToArray(), error.ToArray());
            }
        }

        throw new IOException(error.Length > 0
            ? $"The worker's shell said: {Sentences.End(Encoding.UTF8.GetString(error.ToArray()))}"
            : string.Create(CultureInfo.InvariantCulture, $"The worker's shell ended with code {session.ExitCode} and without a word."));
    }
}
