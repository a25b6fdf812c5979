using System.Diagnostics;
using System.Text;
using ContainerGroups.Abstractions.Supervision;

namespace ContainerGroups.Abstractions.Tests.Supervision;

/// <summary>One reader of an environment, with only its three streams.</summary>
internal sealed class Follower : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly MemoryStream _output = new();
    private readonly Lock _lock = new();
    private readonly Task _reading;
    private int _dots;

    public Follower(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(
            Task.Run(() => ReadAsync(process.StandardOutput.BaseStream, piece => _output.Write(piece))),
            Task.Run(() => ReadAsync(process.StandardError.BaseStream, piece =>
            {
                _dots += piece.Count((byte)'.');
                Report.Append(piece);
            })));
    }

    private delegate void Take(ReadOnlySpan<byte> piece);

    public FollowReport Report { get; } = new();

    public int Dots => Locked(() => _dots);

    public string Output => Locked(() => Encoding.UTF8.GetString(_output.ToArray()));

    public void HangUp() => _process.StandardInput.Close();

    public async Task<string> ToEndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        await _reading.WaitAsync(Deadline);
        return Output;
    }

    public void Dispose()
    {
        HangUp();
        if (!_process.WaitForExit(Deadline))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    private async Task ReadAsync(Stream stream, Take take)
    {
        var buffer = new byte[4096];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            lock (_lock)
            {
                take(buffer.AsSpan(0, count));
            }
        }
    }
}
