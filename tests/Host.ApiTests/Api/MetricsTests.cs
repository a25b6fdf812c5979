using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary><c>/api/v2/metrics/</c>.</summary>
internal sealed class MetricsTests(DatabaseKind kind) : ApiFixture(kind)
{
    [OneTimeSetUp]
    public async Task FillAsync()
    {
        // A host that nobody knows would have left its jobs, and they would be taken over.
        await Server.InsertAsync(new HostProcess { Hostname = "elsewhere", StartedAt = DateTime.UtcNow, LastSeen = DateTime.UtcNow.AddDays(1) });
        await Server.InsertAsync(new Instance { Hostname = "a \"b\"\\", NodeType = NodeTypes.Execution, Capacity = 40, Cpu = 2.5m, Memory = 1024, Uuid = Guid.Empty });
        foreach (var (status, node) in new[]
        {
            (JobStatuses.Running, "a \"b\"\\"), (JobStatuses.Waiting, ""), (JobStatuses.Successful, ""), (JobStatuses.Successful, ""), (JobStatuses.Failed, ""),
        })
        {
            await Server.InsertAsync(new Job { Name = "j", Status = status, ExecutionNode = node, ControllerNode = "elsewhere", TaskImpact = 6 });
        }
    }

    [TestCase("*/*")]
    [TestCase("text/plain;version=0.0.4")]
    [TestCase("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")]
    public async Task Figures_AreTextForPrometheus(string accept)
    {
        var (type, text) = await AskAsync("metrics/", accept);

        Assert.That(type, Is.EqualTo("text/plain"));
        var lines = text.Split('\n');
        Assert.That(lines, Does.Contain("# HELP awx_running_jobs_total Number of running jobs on the system").And.Contain("# TYPE awx_running_jobs_total gauge"));
        Assert.That(lines, Is.SupersetOf(new[]
        {
            "awx_running_jobs_total 2.0", "awx_pending_jobs_total 0.0", "awx_status_total{status=\"successful\"} 2.0", "awx_organizations_total 1.0",
            "awx_users_total 1.0", """awx_instance_cpu{hostname="a \"b\"\\",instance_uuid="00000000-0000-0000-0000-000000000000"} 2.5""",
            """awx_instance_consumed_capacity{hostname="a \"b\"\\",instance_uuid="00000000-0000-0000-0000-000000000000"} 7.0""",
            """awx_instance_remaining_capacity{hostname="a \"b\"\\",instance_uuid="00000000-0000-0000-0000-000000000000"} 33.0""",
        }));
        Assert.That(lines.Single(line => line.StartsWith("awx_system_info{", StringComparison.Ordinal)), Does.Contain("install_uuid=\"").And.EndsWith("} 1.0"));
    }

    [TestCase("metrics/", "application/json")]
    [TestCase("metrics/?format=json", "*/*")]
    public async Task Figures_AreJsonForWhoAsksForIt(string path, string accept)
    {
        var (type, text) = await AskAsync(path, accept);

        var json = JsonNode.Parse(text)!;
        Assert.That(type, Is.EqualTo("application/json"));
        Assert.That(json["awx_running_jobs_total"]!.ToJsonString(), Is.EqualTo("""{"help_text":"Number of running jobs on the system","type":"gauge","samples":[{"labels":{},"value":2}]}"""));
        Assert.That(json["awx_status_total"]!["samples"]!.AsArray().Single(sample => (string)sample!["labels"]!["status"]! == "failed")!["value"]!.GetValue<double>(), Is.EqualTo(1));
    }

    [Test]
    public async Task EveryLine_IsWhatThePrometheusFormatAllows()
    {
        var (_, text) = await AskAsync("metrics/", "text/plain");

        foreach (var line in text.TrimEnd('\n').Split('\n').Where(line => line[0] != '#'))
        {
            Assert.That(line, Does.Match("""^awx_[a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)+\})? [0-9.eE+-]+$"""));
            Assert.That(double.TryParse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture, out _), line);
        }
    }

    private async Task<(string? Type, string Text)> AskAsync(string path, string accept)
    {
        using var http = new HttpClient { BaseAddress = Server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{ApiServer.Password}")));
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
        using var answer = await http.GetAsync("/api/v2/" + path);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return (answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
    }
}
