using System.Text;
using ContainerGroups.Kubernetes.Exec;

namespace ContainerGroups.Kubernetes.Tests.Exec;

/// <summary>All that a session gave.</summary>
/// <param name="Runs">Its bytes in order; neighbours of one channel are one.</param>
/// <param name="ExitCode">What the end said.</param>
/// <param name="Failure">What reading ended with otherwise.</param>
internal sealed record Received(IReadOnlyList<(ExecChannel Channel, byte[] Bytes)> Runs, int? ExitCode, Exception? Failure)
{
    public string Text => string.Join("|", Runs.Select(run => $"{run.Channel}:{Encoding.UTF8.GetString(run.Bytes)}"));

    public static async Task<Received> AllOfAsync(ExecSession session)
    {
        var frames = new List<(ExecChannel, byte[])>();
        try
        {
            while (await session.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Eventually.Deadline) is { } frame)
            {
                frames.Add((frame.Channel, frame.Data.ToArray()));
            }

            return new Received(Merge(frames), session.ExitCode, null);
        }
        catch (Exception e)
        {
            return new Received(Merge(frames), session.ExitCode, e);
        }
    }

    public static IReadOnlyList<(ExecChannel Channel, byte[] Bytes)> Merge(IEnumerable<(ExecChannel Channel, byte[] Bytes)> pieces)
    {
        var runs = new List<(ExecChannel Channel, List<byte> Bytes)>();
        foreach (var (channel, bytes) in pieces.Where(piece => piece.Bytes.Length > 0))
        {
            if (runs.Count == 0 || runs[^1].Channel != channel)
            {
                runs.Add((channel, []));
            }

            runs[^1].Bytes.AddRange(bytes);
        }

        return [.. runs.Select(run => (run.Channel, run.Bytes.ToArray()))];
    }

    public bool Is(IReadOnlyList<(ExecChannel Channel, byte[] Bytes)> expected) =>
        Runs.Count == expected.Count && Runs.Zip(expected).All(pair => pair.First.Channel == pair.Second.Channel && pair.First.Bytes.AsSpan().SequenceEqual(pair.Second.Bytes));
}
