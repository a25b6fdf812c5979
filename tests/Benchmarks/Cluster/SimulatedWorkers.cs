using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Benchmarks.Cluster;

/// <summary>
/// Answers in the pods of a simulated cluster as the delivery script and the supervisor do, without processes: thousands of jobs run at
/// a time. Two programs are known: <c>print N</c> writes N lines and ends; <c>hold N</c> writes N lines and runs until it is let go.
/// </summary>
internal sealed partial class SimulatedWorkers : IExecProgram
{
    private const string JobLabel = "containergroups.io/job";
    private const int Terminated = 143;

    private readonly ConcurrentDictionary<string, WorkerProgram> _programs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, long> _startedAt = new();

    public ICollection<WorkerProgram> Programs => _programs.Values;

    /// <summary>When the program of a job was started, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public IReadOnlyDictionary<long, long> StartedAt => _startedAt;

    public async Task<ExecResult> RunAsync(ExecCall call, CancellationToken clientGone)
    {
        switch (call.Command)
        {
            case ["sh", "-c", _, "sh", "state", _]:
                var state = _programs.TryGetValue(call.Pod.Uid, out var asked) ? asked.HasEnded ? "exited" : "running" : "not_started";
                await WriteAsync(call.Stdout, state);
                return ExecResult.Exited(0);
            case ["sh", "-c", _, "sh", "follow", _, var offset, var period]:
                await FollowAsync(call, offset == "end" ? null : int.Parse(offset, CultureInfo.InvariantCulture), Seconds(period), clientGone);
                return ExecResult.Exited(0);
            case ["sh", "-c", _, "sh", _, _, _, var period]:
                await DeliverAsync(call, Seconds(period), clientGone);
                return ExecResult.Exited(0);
            case ["sh", "-c", _, "sh", _, _]:
                Program(call.Pod).End(Terminated);
                return ExecResult.Exited(0);
            default:
                return ExecResult.NotStarted($"these workers can't do this: {string.Join(' ', call.Command.Where(word => word.Length < 80))}");
        }
    }

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(int.Parse(text, CultureInfo.InvariantCulture));

    private static ValueTask WriteAsync(Stream to, string line) => to.WriteAsync(Encoding.ASCII.GetBytes(line + "\n"));

    private WorkerProgram Program(PodView pod) =>
        _programs.GetOrAdd(pod.Uid, _ => new WorkerProgram(long.Parse(pod.Labels[JobLabel], CultureInfo.InvariantCulture)));

    private async Task DeliverAsync(ExecCall call, TimeSpan period, CancellationToken clientGone)
    {
        if (!_programs.ContainsKey(call.Pod.Uid))
        {
            var script = await ReceiveAsync(call.Stdin, clientGone);
            if (script is null)
            {
                await WriteAsync(call.Stdout, "broken it has another length or hash");
                return;
            }

            var program = Program(call.Pod);
            _startedAt.TryAdd(program.JobId, Stopwatch.GetTimestamp());
            var command = Command().Match(script);
            program.Print(int.Parse(command.Groups["lines"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
            if (command.Groups["name"].Value == "print")
            {
                program.End(0);
            }
        }

        await WriteAsync(call.Stdout, "started");
        await FollowAsync(call, 0, period, clientGone);
    }

    /// <returns>The program; null when what came is not what was announced.</returns>
    private static async Task<string?> ReceiveAsync(Stream stdin, CancellationToken clientGone)
    {
        var line = new StringBuilder();
        var letter = new byte[1];
        while (await stdin.ReadAsync(letter, clientGone) == 1 && letter[0] != (byte)'\n')
        {
            line.Append((char)letter[0]);
        }

        if (line.ToString().Split(' ') is not [var supervisor, var program, var payload, var payloadSum, var scriptsSum])
        {
            return null;
        }

        var scripts = new byte[Length(supervisor) + Length(program)];
        var files = new byte[Length(payload)];
        await stdin.ReadExactlyAsync(scripts, clientGone);
        await stdin.ReadExactlyAsync(files, clientGone);
        return Sum(scripts) == scriptsSum && Sum(files) == payloadSum ? Encoding.UTF8.GetString(scripts.AsSpan(Length(supervisor))) : null;
    }

    private static int Length(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task FollowAsync(ExecCall call, int? from, TimeSpan period, CancellationToken clientGone)
    {
        if (!_programs.TryGetValue(call.Pod.Uid, out var program))
        {
            await WriteAsync(call.Stderr, "not_started");
            return;
        }

        program.Follow(1);
        try
        {
            var offset = from ?? int.MaxValue;
            var beat = Task.Delay(period, clientGone);
            while (true)
            {
                var (output, exit, changed) = program.Look(offset);
                if (output.Length > 0)
                {
                    await call.Stdout.WriteAsync(output, clientGone);
                    offset += output.Length;
                }
                else if (exit is not null)
                {
                    await call.Stderr.WriteAsync(exit, clientGone);
                    // Who listens hangs up when everything has come.
                    await call.Stdin.CopyToAsync(Stream.Null, clientGone);
                    return;
                }
                else if (await Task.WhenAny(changed, beat) == beat)
                {
                    await beat;
                    await WriteAsync(call.Stderr, ".");
                    beat = Task.Delay(period, clientGone);
                }
            }
        }
        finally
        {
            program.Follow(-1);
        }
    }

    [GeneratedRegex("^exec '(?<name>print|hold)' '(?<lines>[0-9]+)'", RegexOptions.Multiline)]
    private static partial Regex Command();
}
