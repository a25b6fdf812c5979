using System.Globalization;
using System.Text.Json;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Cli;

/// <summary>A job's answer from the API, read as the command line needs it.</summary>
internal static class JobView
{
    public static long Id(JsonElement job) => job.GetProperty("id").GetInt64();

    public static string Status(JsonElement job) => job.GetProperty("status").GetString()!;

    public static bool IsCommand(JsonElement job) => Text(job, "job_type") == JobTypes.Command;

    public static bool IsFinished(JsonElement job) =>
        Status(job) is JobStatuses.Successful or JobStatuses.Failed or JobStatuses.Error or JobStatuses.Canceled;

    /// <summary>The state, how far the environment is, and the reason when it waits for something.</summary>
    public static string Progress(JsonElement job, JsonElement phases)
    {
        var explanation = Text(job, "job_explanation");
        var node = Text(job, "execution_node");
        var where = node.Length > 0 && Status(job) != JobStatuses.Pending ? $" on {node}" : "";
        var phase = Status(job) != JobStatuses.Pending && Phase(phases) is { Length: > 0 } name ? $" ({name})" : "";
        return $"job {Id(job)}: {Status(job)}{where}{phase}{(explanation.Length > 0 ? $": {explanation}" : "")}";
    }

    /// <summary>How it ended, in one line.</summary>
    public static string Result(JsonElement job)
    {
        var elapsed = job.GetProperty("elapsed").GetDouble().ToString("0.0", CultureInfo.InvariantCulture);
        var explanation = Text(job, "job_explanation");
        return $"job {Id(job)}: {Status(job)} after {elapsed} s{(explanation.Length > 0 ? $": {explanation}" : "")}";
    }

    /// <summary>The exit status of a command that ran this job.</summary>
    public static int ExitCode(JsonElement job) => Status(job) switch
    {
        JobStatuses.Successful => ExitCodes.Success,
        JobStatuses.Canceled => ExitCodes.Canceled,
        JobStatuses.Failed => ProgramExitCode(job) ?? (RanOutOfTime(job) ? ExitCodes.TimedOut : ExitCodes.Killed),
        _ => ExitCodes.JobError,
    };

    private static int? ProgramExitCode(JsonElement job) =>
        job.TryGetProperty("exit_code", out var code) && code.ValueKind == JsonValueKind.Number && code.GetInt32() is not 0 and var value ? value : null;

    private static bool RanOutOfTime(JsonElement job) =>
        job.GetProperty("timeout").GetInt32() is > 0 and var timeout && job.GetProperty("elapsed").GetDouble() >= timeout;

    /// <summary>The last phase that was reached, with what the backend says of it.</summary>
    private static string Phase(JsonElement phases)
    {
        if (phases.GetProperty("results").EnumerateArray().LastOrDefault() is not { ValueKind: JsonValueKind.Object } last)
        {
            return "";
        }

        var detail = Text(last, "detail");
        return Text(last, "name") + (detail.Length > 0 ? $", {detail}" : "");
    }

    private static string Text(JsonElement job, string name) =>
        job.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
