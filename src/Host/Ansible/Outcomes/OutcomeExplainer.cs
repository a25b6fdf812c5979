using System.Buffers;
using System.Text;
using System.Text.Json;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Ansible;

/// <summary>Says in one plain sentence how a program's end came about, from what is stored of it. To be asked when all of its output is.</summary>
internal sealed class OutcomeExplainer(IDbContextFactory<AppDb> databases, OutputReader reader)
{
    private const int TailBytes = 64 * 1024;
    private const int MostNames = 5;

    /// <summary>The sentence for an exit code; empty when a successful run needs none.</summary>
    /// <param name="job">Of it, what does not change while it runs.</param>
    /// <param name="exitCode">The program's.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<string> ExplainAsync(Job job, int exitCode, CancellationToken cancellationToken)
    {
        if (job.JobType == JobTypes.Command)
        {
            return exitCode == 0 ? "" : $"The command ended with exit code {exitCode}.";
        }

        var jobId = job.Id;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var length = await db.Jobs.Where(j => j.Id == jobId).Select(j => j.OutputOffset).SingleOrDefaultAsync(cancellationToken);
        var text = await TailAsync(jobId, length, cancellationToken);
        if (exitCode == 0)
        {
            var ranOnSome = job is AdHocCommand
                ? await db.JobEvents.AnyAsync(e => e.JobId == jobId && e.HostName != "", cancellationToken)
                : await db.JobHostSummaries.AnyAsync(summary => summary.JobId == jobId, cancellationToken);
            return ranOnSome ? "" : AnsibleErrors.NothingRun(text) ?? "";
        }

        return await FailedHostsAsync(db, job, cancellationToken)
            ?? AnsibleErrors.Stopped(text, job.Limit)
            ?? $"The {(job is AdHocCommand ? "module" : "playbook")} ended with exit code {exitCode}.";
    }

    private static async Task<string?> FailedHostsAsync(AppDb db, Job job, CancellationToken cancellationToken)
    {
        var jobId = job.Id;
        var first = await db.JobEvents.AsNoTracking()
            .Where(e => e.JobId == jobId && e.Failed && (e.Event == "runner_on_failed" || e.Event == "runner_on_unreachable"))
            .OrderBy(e => e.Counter).Select(e => new { e.Event, e.Task, e.HostName, e.EventData })
            .FirstOrDefaultAsync(cancellationToken);
        if (first is null)
        {
            return null;
        }

        // An ad hoc command has no summaries: there is one task, and what failed on a host failed there for good.
        var failed = job is AdHocCommand
            ? db.JobEvents.Where(e => e.JobId == jobId && e.Failed && e.HostName != "").Select(e => e.HostName).Distinct()
            : db.JobHostSummaries.Where(s => s.JobId == jobId && s.Failed).Select(s => s.HostName);
        var hosts = await failed.OrderBy(name => name).Take(MostNames + 1).ToListAsync(cancellationToken);

        var because = MessageOf(first.EventData) is { Length: > 0 } message ? $": {message}" : "";
        var sentence = first.Event == "runner_on_unreachable"
            ? $"Host {first.HostName} was unreachable{because}."
            : $"{(job is AdHocCommand ? "Module" : "Task")} \"{first.Task}\" failed on host {first.HostName}{because}.";
        return hosts.Count < 2 ? sentence : $"{Names(hosts)} failed or were unreachable; the first: {sentence}";
    }

    private static string Names(List<string> hosts) => hosts.Count > MostNames
        ? $"{string.Join(", ", hosts.Take(MostNames))} and more hosts"
        : $"{string.Join(", ", hosts.SkipLast(1))} and {hosts[^1]}";

    private static string MessageOf(string eventData)
    {
        using var data = JsonDocument.Parse(eventData, new JsonDocumentOptions { MaxDepth = 1000 });
        return data.RootElement.TryGetProperty("res", out var result)
            && result.ValueKind == JsonValueKind.Object
            && result.TryGetProperty("msg", out var message)
            && message.ValueKind == JsonValueKind.String
            ? AnsibleErrors.FirstLine(TextOf(message))
            : "";
    }

    /// <summary>The message, also when Python wrote half a surrogate pair into it.</summary>
    private static string TextOf(JsonElement message)
    {
        var raw = Encoding.UTF8.GetBytes(message.GetRawText()).AsSpan(1..^1);
        var buffer = new byte[raw.Length];
        return JsonText.ToStorable(buffer.AsSpan(0, JsonText.Unescape(raw, buffer)));
    }

    private async Task<string> TailAsync(long jobId, long length, CancellationToken cancellationToken)
    {
        var stripper = new AnsiStripper();
        var tail = new ArrayBufferWriter<byte>();
        await foreach (var text in reader.ReadAsync(jobId, Math.Max(0, length - TailBytes), length, cancellationToken))
        {
            stripper.Strip(text.Span, tail);
        }

        return Encoding.UTF8.GetString(tail.WrittenSpan);
    }
}
