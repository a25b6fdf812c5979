using System.Globalization;
using ContainerGroups.Abstractions;

namespace ContainerGroups.TestPlugins;

/// <summary>
/// How a job behaves, as <c>key=value</c> words. They come from the group's setting <c>script</c>, then the job's name (for what happens
/// before the command is known), then the arguments of the program <c>fake</c>; a later word wins. A program whose name
/// begins with <c>no-such</c> is not found; any other does what group and job say, by default nothing.
/// <list type="table">
/// <item><term>provision_for=2s</term><description>Provision takes that long (<c>waiting_for=REASON</c>: reported meanwhile).</description></item>
/// <item><term>provision_error=REASON</term><description>Provision fails (<c>provision_error_times=N</c>: the first N times per job).</description></item>
/// <item><term>start_error=REASON</term><description>Start fails, nothing was started.</description></item>
/// <item><term>start_error_after=REASON</term><description>Start fails although the program was started.</description></item>
/// <item><term>run_for=1.5s</term><description>How long the program runs (ms, s, m, or <c>ever</c>); 0.</description></item>
/// <item><term>print_for=1s</term><description>Over which time, from the start, its output grows evenly; as long as it runs.</description></item>
/// <item><term>print=N</term><description>It writes the lines 1 to N.</description></item>
/// <item><term>bytes=N</term><description>It writes N pseudo-random bytes (<c>seed=S</c>).</description></item>
/// <item><term>text=TEXT</term><description>It writes TEXT, where \n is a line's end.</description></item>
/// <item><term>output_file=PATH</term><description>It writes the content that the file has when the program starts
/// (<c>repeat=N</c>: N times).</description></item>
/// <item><term>output_entry=NAME</term><description>It writes that file of its payload (<c>repeat=N</c>: N times).</description></item>
/// <item><term>print_variable=NAME</term><description>After text or file it writes the value of that variable.</description></item>
/// <item><term>exit=CODE, signal=N, oom=true</term><description>How it ends; 0.</description></item>
/// <item><term>ignore_term=true</term><description>It ignores SIGTERM, so that a cancel takes the whole grace time.</description></item>
/// <item><term>lose_after=2s</term><description>The environment is lost then (<c>lose_reason=REASON</c>; EnvironmentLost).</description></item>
/// <item><term>outage_after=1s, outage_for=2s</term><description>Unreachable during that time.</description></item>
/// <item><term>output_error_at=N</term><description>The first reader of each host loses its connection after N bytes.</description></item>
/// <item><term>throw=MEMBER, hang=MEMBER</term><description>The member (provision, start, output, wait, reattach, cancel, destroy) throws what
/// the contract does not allow, or ignores its token for ever.</description></item>
/// </list>
/// </summary>
internal sealed class FakeScript
{
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    public FakeScript(params IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            if (word.Split('=', 2) is [var key, var value])
            {
                _words[key] = value;
            }
        }
    }

    public string[] Words => [.. _words.Select(word => $"{word.Key}={word.Value}")];

    public TimeSpan RunFor => Duration("run_for") ?? TimeSpan.Zero;

    public TimeSpan PrintFor => Duration("print_for") ?? RunFor;

    public TimeSpan? LoseAfter => Duration("lose_after");

    public bool IgnoresTerm => Flag("ignore_term");

    public FakeScript With(params IEnumerable<string> words) => new([.. Words, .. words]);

    public string? Text(string key) => _words.GetValueOrDefault(key);

    public bool Flag(string key) => Text(key) is { } value && bool.Parse(value);

    public long? Number(string key) => Text(key) is { } value ? long.Parse(value, CultureInfo.InvariantCulture) : null;

    public BackendFailureReason? Reason(string key) => Text(key) is { } value ? Enum.Parse<BackendFailureReason>(value) : null;

    public TimeSpan? Duration(string key) => Text(key) is { } value ? ParseDuration(value) : null;

    /// <summary>Does what the contract does not allow, where the script says so.</summary>
    public async Task MisbehaveAsync(string member)
    {
        if (Text("throw") == member)
        {
            throw new InvalidOperationException($"The fake was told to throw in {member}.");
        }

        if (Text("hang") == member)
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }

    private static TimeSpan ParseDuration(string text)
    {
        var (digits, unit) = text switch
        {
            // Far enough, and still something that a timer takes.
            "ever" => ("40", 24 * 3600.0),
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            _ when text.EndsWith('m') => (text[..^1], 60.0),
            _ when text.EndsWith('s') => (text[..^1], 1.0),
            _ => (text, 1.0),
        };
        return TimeSpan.FromSeconds(double.Parse(digits, CultureInfo.InvariantCulture) * unit);
    }
}
