using System.Text.Json;

namespace ContainerGroups.Host.Jobs;

/// <summary>The groups that refused a job, each with the moment until which it is not tried again, as kept in the job's row.</summary>
internal sealed class RefusedGroups
{
    private readonly Dictionary<long, long> _untilMilliseconds;

    private RefusedGroups(Dictionary<long, long> untilMilliseconds)
    {
        _untilMilliseconds = untilMilliseconds;
    }

    public static RefusedGroups Parse(string json) =>
        new(JsonSerializer.Deserialize(json, JobJson.Default.DictionaryInt64Int64) ?? []);

    public RefusedGroups With(long group, DateTime until) =>
        new(new Dictionary<long, long>(_untilMilliseconds) { [group] = new DateTimeOffset(until).ToUnixTimeMilliseconds() });

    /// <summary>Those of <paramref name="preferred"/> that may be tried now, in their order.</summary>
    public List<long> Without(IEnumerable<long> preferred, DateTime now)
    {
        var moment = new DateTimeOffset(now).ToUnixTimeMilliseconds();
        return [.. preferred.Where(g => !_untilMilliseconds.TryGetValue(g, out var until) || until <= moment)];
    }

    /// <summary>When the first of <paramref name="preferred"/> may be tried again; null for now.</summary>
    public DateTime? NotBefore(IReadOnlyCollection<long> preferred, DateTime now) =>
        preferred.Count == 0 || Without(preferred, now).Count > 0
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds(preferred.Min(g => _untilMilliseconds[g])).UtcDateTime;

    public string ToJson() => JsonSerializer.Serialize(_untilMilliseconds, JobJson.Default.DictionaryInt64Int64);
}
