using System.Text.Json;
using ContainerGroups.Host.Cli;

namespace ContainerGroups.Host.Tests.Cli;

public sealed class JobViewTests
{
    [TestCase("successful", 0, 0, ExpectedResult = 0)]
    [TestCase("failed", 2, 0, ExpectedResult = 2)]
    [TestCase("failed", 4, 0, ExpectedResult = 4)]
    [TestCase("failed", null, 0, ExpectedResult = ExitCodes.Killed)]
    [TestCase("failed", null, 5, ExpectedResult = ExitCodes.TimedOut)]
    [TestCase("failed", null, 60, ExpectedResult = ExitCodes.Killed)]
    [TestCase("error", null, 0, ExpectedResult = ExitCodes.JobError)]
    [TestCase("canceled", null, 0, ExpectedResult = ExitCodes.Canceled)]
    public int FinishedJob_GivesTheCommandsExitStatus(string status, int? exitCode, int timeout) =>
        JobView.ExitCode(Job(status, exitCode, timeout));

    [Test]
    public void PendingJob_SaysWhatItWaitsFor()
    {
        var job = JsonSerializer.SerializeToElement(new { id = 7, status = "pending", job_explanation = "The group is full.", execution_node = "" });
        Assert.That(JobView.Progress(job, Phases()), Is.EqualTo("job 7: pending: The group is full."));
    }

    [Test]
    public void StartingJob_SaysHowFarItIs()
    {
        var job = JsonSerializer.SerializeToElement(new { id = 7, status = "waiting", job_explanation = "", execution_node = "" });
        var phases = Phases(new { name = "claimed", detail = "" }, new { name = "scheduled", detail = "node-1" });
        Assert.That(JobView.Progress(job, phases), Is.EqualTo("job 7: waiting (scheduled, node-1)"));
    }

    private static JsonElement Phases(params object[] phases) => JsonSerializer.SerializeToElement(new { count = phases.Length, results = phases });

    private static JsonElement Job(string status, int? exitCode, int timeout) =>
        JsonSerializer.SerializeToElement(new { id = 1, status, exit_code = exitCode, timeout, elapsed = 5.2 });
}
