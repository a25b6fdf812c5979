using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>The recap of a run: how each host fared.</summary>
internal sealed class PlaybookStats(IReadOnlyDictionary<string, Dictionary<string, int>> counts)
{
    /// <summary>In the order in which a later one decides a host's status: AWX's.</summary>
    private static readonly string[] Statuses = ["skipped", "ok", "changed", "failures", "dark"];

    private static readonly string[] Names = [.. Statuses, "processed", "ignored", "rescued"];

    public bool Failed => Total("failures") + Total("dark") > 0;

    public bool Changed => Total("changed") > 0;

    /// <summary>The count that the reader's property is; null when it is none.</summary>
    public static string? CountNamed(ref Utf8JsonReader reader)
    {
        foreach (var name in Names)
        {
            if (reader.ValueTextEquals(name))
            {
                return name;
            }
        }

        return null;
    }

    public IReadOnlyList<JobHostSummary> Summaries(long jobId, DateTime created) =>
        [.. Hosts().Select(host => new JobHostSummary
        {
            JobId = jobId,
            HostName = host,
            Created = created,
            Changed = Of("changed", host),
            Dark = Of("dark", host),
            Failures = Of("failures", host),
            Ok = Of("ok", host),
            Processed = Of("processed", host),
            Skipped = Of("skipped", host),
            Ignored = Of("ignored", host),
            Rescued = Of("rescued", host),
            Failed = Of("dark", host) > 0 || Of("failures", host) > 0,
        })];

    /// <summary>AWX's host_status_counts: how many hosts ended as what.</summary>
    public string StatusCounts()
    {
        var statuses = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var status in Statuses)
        {
            foreach (var host in counts.GetValueOrDefault(status)?.Keys ?? Enumerable.Empty<string>())
            {
                statuses[host] = status;
            }
        }

        var numbers = statuses.Values.GroupBy(status => status).OrderBy(group => Array.IndexOf(Statuses, group.Key));
        return new JsonObject(numbers.Select(group => KeyValuePair.Create(group.Key, (JsonNode?)group.Count()))).ToJsonString();
    }

    private IEnumerable<string> Hosts() => counts.Values.SelectMany(hosts => hosts.Keys).Where(host => host.Length > 0).Distinct().Order(StringComparer.Ordinal);

    private int Of(string name, string host) => counts.GetValueOrDefault(name)?.GetValueOrDefault(host) ?? 0;

    private int Total(string name) => counts.GetValueOrDefault(name)?.Values.Sum() ?? 0;
}
