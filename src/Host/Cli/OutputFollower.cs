using System.Text.Json;

namespace ContainerGroups.Host.Cli;

/// <summary>Passes a job's output on while it comes, byte after byte, over as many connections as it takes.</summary>
internal sealed class OutputFollower(ServerLink link, Terminal terminal, long jobId, bool isCommand)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // A command's bytes are its own business.
    private readonly AnsiStripper? _stripper = isCommand || terminal.Colours ? null : new AnsiStripper();
    private readonly UnmatchedPatterns? _unmatched = isCommand ? null : new UnmatchedPatterns();
    private readonly byte[] _buffer = new byte[64 << 10];
    private long _offset;

    /// <summary>Whether anything has been printed.</summary>
    public bool HasOutput => Volatile.Read(ref _offset) > 0;

    /// <summary>Host patterns that matched no host.</summary>
    public IReadOnlyList<string> UnmatchedPatterns => _unmatched?.Found ?? [];

    /// <summary>Returns the job as it is when it is finished and all that it printed was passed on.</summary>
    public async Task<JsonElement> FollowAsync(CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        while (true)
        {
            var before = _offset;
            try
            {
                await CopyAsync(cancellationToken);
                var job = await link.Api.GetAsync($"/api/v2/jobs/{jobId}/", cancellationToken);
                if (JobView.IsFinished(job) && job.GetProperty("event_processing_finished").GetBoolean())
                {
                    await CopyAsync(cancellationToken);
                    return job;
                }
            }
            catch (Exception e) when (e is ServerUnreachableException or IOException or HttpRequestException)
            {
                await terminal.StatusAsync($"job {jobId}: connection lost, trying again");
                await link.ReopenAsync(cancellationToken);
            }

            delay = _offset > before ? FirstDelay : delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            await Task.Delay(delay, cancellationToken);
        }
    }

    private async Task CopyAsync(CancellationToken cancellationToken)
    {
        using var response = await link.Api.StreamAsync($"/api/v2/jobs/{jobId}/output/?offset={_offset}&follow=1", cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        int read;
        while ((read = await stream.ReadAsync(_buffer, cancellationToken)) > 0)
        {
            _unmatched?.Read(_buffer.AsSpan(0, read));
            var length = _stripper?.Strip(_buffer.AsSpan(0, read), _buffer) ?? read;
            if (length > 0)
            {
                await terminal.OutputAsync(_buffer.AsMemory(0, length), cancellationToken);
            }

            Volatile.Write(ref _offset, _offset + read);
        }
    }
}
