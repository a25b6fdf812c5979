using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>The one list of jobs of all kinds, and the lists of jobs under what they ran on.</summary>
internal sealed class UnifiedJobsTests(DatabaseKind kind) : ApiFixture(kind)
{
    private Job _job = null!;
    private ProjectUpdate _update = null!;

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        _job = new Job
        {
            Name = "a job",
            Status = JobStatuses.Successful,
            InstanceGroupId = 1,
            ExecutionNode = ApiServer.Hostname,
            Playbook = "site.yml",
        };
        _update = new ProjectUpdate { Name = "an update", Status = JobStatuses.Failed, Project = new Project { Name = "p" } };
        await Server.InsertAsync(_job);
        await Server.InsertAsync(_update);
        await Server.InsertAsync(new AdHocCommand { Name = "ping", ModuleName = "ping", Status = JobStatuses.Error, InstanceGroupId = 1, Finished = DateTime.UtcNow });
    }

    [TestCase("", "job,project_update,ad_hoc_command")]
    [TestCase("?type=job", "job")]
    [TestCase("?type=project_update,ad_hoc_command", "project_update,ad_hoc_command")]
    [TestCase("?type=workflow_job", "")]
    [TestCase("?status=failed", "project_update")]
    [TestCase("?not__status__in=failed,error", "job")]
    public async Task Jobs_OfAllKinds_AreFilteredByType(string query, string types) =>
        Assert.That(string.Join(',', (await Admin.GetAsync("unified_jobs/" + query)).Column("type")), Is.EqualTo(types));

    [Test]
    public async Task EachJob_IsShownAsItsOwnKind()
    {
        var rows = (await Admin.GetAsync("unified_jobs/?order_by=id"))["results"]!;

        Assert.That(rows[0]!["url"]!.ToString(), Is.EqualTo($"/api/v2/jobs/{_job.Id}/"));
        Assert.That(rows[0]!["playbook"]!.ToString(), Is.EqualTo("site.yml"));
        Assert.That(rows[1]!["url"]!.ToString(), Is.EqualTo($"/api/v2/project_updates/{_update.Id}/"));
        Assert.That((long)rows[1]!["project"]!, Is.EqualTo(_update.ProjectId));
        Assert.That(rows[2]!["url"]!.ToString(), Is.EqualTo($"/api/v2/ad_hoc_commands/{rows[2]!["id"]}/"));
        Assert.That(rows[2]!["module_name"]!.ToString(), Is.EqualTo("ping"));
        Assert.That(rows[2]!.AsObject().ContainsKey("description"), Is.False);
    }

    [TestCase("instance_groups/default/jobs/", "a job,ping")]
    [TestCase("instances/1/jobs/", "a job")]
    public async Task JobsOfAGroup_AndOfAnInstance_AreListedThere(string path, string names) =>
        Assert.That(string.Join(',', (await Admin.GetAsync(path)).Names), Is.EqualTo(names));

    [Test]
    public async Task Graph_OfPlaybookRuns_HasNoOtherKinds()
    {
        var graph = await Admin.GetAsync("dashboard/graphs/jobs/?job_type=playbook_run&period=day");

        Assert.That(graph["jobs"]!["error"]!.AsArray().Sum(point => (int)point![1]!), Is.Zero, graph.Text);
    }
}
