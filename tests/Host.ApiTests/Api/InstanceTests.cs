using System.Net;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Host.ApiTests.Api;

internal sealed class InstanceTests(DatabaseKind kind) : ApiFixture(kind)
{
    [Test]
    public async Task OwnInstance_IsReadyAndMeasured()
    {
        var answer = await Admin.GetAsync($"instances/{ApiServer.Hostname}/");

        Assert.That(answer["node_type"]!.ToString(), Is.EqualTo("hybrid"));
        Assert.That(answer["node_state"]!.ToString(), Is.EqualTo("ready"));
        Assert.That(answer["managed"]!.GetValue<bool>(), Is.True);
        Assert.That(answer["capacity_adjustment"]!.ToString(), Is.EqualTo("1.00"));
        Assert.That(answer["cpu"]!.ToString(), Does.Match(@"^\d+\.\d$"));
        Assert.That((long)answer["memory"]!, Is.Positive);
        Assert.That((int)answer["capacity"]!, Is.EqualTo(Math.Max((int)answer["cpu_capacity"]!, (int)answer["mem_capacity"]!)));
        Assert.That(answer["last_seen"], Is.Not.Null);
    }

    [Test]
    public async Task Disabled_HasNoCapacity_AndTheAdjustmentMovesIt()
    {
        var disabled = await Admin.PatchAsync("instances/1/", """{"enabled":false}""");
        var lowest = await Admin.PatchAsync("instances/1/", """{"enabled":true,"capacity_adjustment":"0.00"}""");
        var highest = await Admin.PatchAsync("instances/1/", """{"capacity_adjustment":1}""");

        Assert.That((int)disabled["capacity"]!, Is.Zero);
        Assert.That((int)lowest["capacity"]!, Is.EqualTo(Math.Min((int)lowest["cpu_capacity"]!, (int)lowest["mem_capacity"]!)));
        Assert.That((int)highest["capacity"]!, Is.EqualTo(Math.Max((int)lowest["cpu_capacity"]!, (int)lowest["mem_capacity"]!)));
    }

    [Test]
    public async Task InstanceMadeByTheApi_IsInstalled_AndNotReadyBeforeItsHostIsThere()
    {
        var answer = await Admin.PostAsync("instances/", """{"hostname":"later.example.org"}""");

        Assert.That(answer["node_state"]!.ToString(), Is.EqualTo("installed"));
        Assert.That(answer["node_type"]!.ToString(), Is.EqualTo("execution"));
        Assert.That((int)answer["capacity"]!, Is.Zero);
        Assert.That(answer["uuid"]!.ToString(), Is.Not.EqualTo(Guid.Empty.ToString()));
        Assert.That(answer["managed"]!.GetValue<bool>(), Is.False);
    }

    [TestCase("""{"hostname":"localhost"}""", "hostname", "hostname cannot be localhost or 127.0.0.1")]
    [TestCase("""{"hostname":"a b"}""", "hostname", "whitespaces in hostnames are illegal")]
    [TestCase("""{"hostname":"a_b.c$"}""", "hostname", "illegal characters detected in hostname=a_b.c$. Please verify.")]
    [TestCase("""{"hostname":"h1.example.org","node_type":"hybrid"}""", "node_type", "Can only create execution or hop nodes.")]
    [TestCase("""{"hostname":"h1.example.org","node_type":"control"}""", "node_type", "Can only create execution or hop nodes.")]
    [TestCase("""{"hostname":"h1.example.org","node_state":"ready"}""", "node_state", "Can only create instances in the 'installed' state.")]
    [TestCase("""{"hostname":"first.example.org"}""", "hostname", "Instance with this Hostname already exists.")]
    public async Task NewInstance_RefusesWhatAwxRefuses(string json, string field, string message) =>
        Assert.That((await Admin.PostAsync("instances/", json)).Error(field), Is.EqualTo(message));

    [TestCase("""{"hostname":"other.example.org"}""", "hostname", "Cannot change hostname.")]
    [TestCase("""{"node_type":"execution"}""", "node_type", "Cannot change node type.")]
    [TestCase("""{"node_state":"installed"}""", "node_state", "Can only change instances to the 'deprovisioning' state.")]
    [TestCase("""{"node_state":"deprovisioning"}""", "node_state", "Cannot deprovision managed nodes.")]
    [TestCase("""{"capacity_adjustment":2}""", "capacity_adjustment", "Ensure this value is less than or equal to 1.")]
    public async Task Change_RefusesWhatAwxRefuses(string json, string field, string message) =>
        Assert.That((await Admin.PatchAsync("instances/1/", json)).Error(field), Is.EqualTo(message));

    [Test]
    public async Task GivenUpInstance_GoesWhenNoJobIsLeftOnIt()
    {
        var id = await Admin.CreateAsync("instances/", """{"hostname":"leaving.example.org"}""");
        var job = new Job { Name = "last", Status = JobStatuses.Running, ExecutionNode = "leaving.example.org" };
        await Server.InsertAsync(job);
        await Admin.PatchAsync($"instances/{id}/", """{"node_state":"deprovisioning"}""");
        var store = Server.Services.GetRequiredService<InstanceStore>();
        await store.RemoveDeprovisionedAsync(CancellationToken.None);
        Assert.That((await Admin.GetAsync($"instances/{id}/"))["node_state"]!.ToString(), Is.EqualTo("deprovisioning"));

        await using (var db = Server.Database.Open())
        {
            await db.Jobs.Where(row => row.Id == job.Id).ExecuteDeleteAsync();
        }

        await store.RemoveDeprovisionedAsync(CancellationToken.None);

        Assert.That((await Admin.GetAsync($"instances/{id}/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task SilentInstance_IsSetAside()
    {
        var instance = new Instance
        {
            Hostname = "silent.example.org",
            NodeState = NodeStates.Ready,
            Capacity = 9,
            LastSeen = DateTime.UtcNow - TimeSpan.FromHours(1),
        };
        await Server.InsertAsync(instance);

        await Server.Services.GetRequiredService<InstanceStore>().MarkSilentAsync(CancellationToken.None);

        var shown = await Admin.GetAsync($"instances/{instance.Id}/");
        Assert.That(shown["node_state"]!.ToString(), Is.EqualTo("unavailable"));
        Assert.That((int)shown["capacity"]!, Is.Zero);
        Assert.That(shown["errors"]!.ToString(), Is.Not.Empty);
        Assert.That((await Admin.GetAsync("instances/1/"))["node_state"]!.ToString(), Is.EqualTo("ready"));
    }

    [Test]
    public async Task ToldFault_IsShownUntilItIsGone_AndKeepsTheInstanceReady()
    {
        var faults = Server.Services.GetRequiredService<InstanceFaults>();
        var store = Server.Services.GetRequiredService<InstanceStore>();

        faults.Tell("test", "Something is full.");
        await store.ReportAsync(CancellationToken.None);
        var during = await Admin.GetAsync("instances/1/");
        faults.Tell("test", null);
        await store.ReportAsync(CancellationToken.None);
        var after = await Admin.GetAsync("instances/1/");

        Assert.That(during["errors"]!.ToString(), Is.EqualTo("Something is full."));
        Assert.That(during["node_state"]!.ToString(), Is.EqualTo("ready"));
        Assert.That(after["errors"]!.ToString(), Is.Empty);
    }

    [Test]
    public async Task HealthCheck_MeasuresAnew()
    {
        var before = (await Admin.GetAsync("instances/1/health_check/"))["last_health_check"]!.ToString();

        var answer = await Admin.PostAsync("instances/1/health_check/", "");

        Assert.That(answer["msg"]!.ToString(), Is.EqualTo($"Health check is running for {ApiServer.Hostname}."));
        await Eventually.BeAsync(
            async () => (await Admin.GetAsync("instances/1/health_check/"))["last_health_check"]!.ToString() != before,
            "the instance is measured again");
    }

    [Test]
    public async Task Filters_KnowTheGroupsByBothNames()
    {
        Assert.That((await Admin.GetAsync("instances/?rampart_groups__name=default&id=1")).Column("id"), Is.EqualTo(new[] { "1" }));
        Assert.That((await Admin.GetAsync("instance_groups/?instances__hostname=first.example.org&id=1")).Names, Is.EqualTo(new[] { "default" }));
    }
}
