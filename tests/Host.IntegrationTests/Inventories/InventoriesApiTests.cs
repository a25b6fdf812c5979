using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Inventories;

internal sealed class InventoriesApiTests(DatabaseKind kind) : ApiFixture(kind)
{
    [Test]
    public async Task Source_BecomesHostsAndGroups_ThatAreCounted()
    {
        var id = await InventoryAsync("[web]\nweb[1:3] a=1\n[prod:children]\nweb\n[all:vars]\nx=y\n");

        var inventory = await Admin.GetAsync($"inventories/{id}/");
        var script = await Admin.GetAsync($"inventories/{id}/script/?hostvars=1");

        Assert.That(((int?)inventory["total_hosts"], (int?)inventory["total_groups"]), Is.EqualTo(((int?)3, (int?)2)));
        Assert.That((await Admin.GetAsync($"inventories/{id}/root_groups/")).Names, Is.EqualTo(new[] { "prod" }));
        Assert.That(
            Compact(script.Json),
            Is.EqualTo("""{"all":{"hosts":[],"children":["prod"],"vars":{"x":"y"}},"web":{"hosts":["web1","web2","web3"],"children":[],"vars":{}},"prod":{"hosts":[],"children":["web"],"vars":{}},"_meta":{"hostvars":{"web1":{"a":1},"web2":{"a":1},"web3":{"a":1}}}}"""));
        Assert.That(Compact((await Admin.GetAsync($"inventories/{id}/script/?host=web1")).Json), Is.EqualTo("""{"a":1}"""));
    }

    [Test]
    public async Task Source_ThatIsWrong_IsRefusedWithItsLine_AndChangesNothing()
    {
        var id = await InventoryAsync("[web]\na\n");

        var answer = await Admin.PatchAsync($"inventories/{id}/", """{"source":"[web]\na\nb oops\n"}""");

        Assert.That((answer.Status, answer.Error("source")), Is.EqualTo(
            (HttpStatusCode.BadRequest, "Line 3: name=value is expected after the host, not \"oops\".")));
        Assert.That((await Admin.GetAsync($"inventories/{id}/hosts/")).Names, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task RowsChangedByHand_StayUntilTheSourceChanges()
    {
        var id = await InventoryAsync("a\n");
        await Admin.CreateAsync($"inventories/{id}/hosts/", """{"name":"by hand:2222","variables":"k: v"}""");
        var whole = await Admin.GetAsync($"inventories/{id}/");

        await Admin.PutAsync($"inventories/{id}/", whole.Text);
        var hosts = await Admin.GetAsync($"inventories/{id}/hosts/");
        Assert.That(hosts.Names, Is.EqualTo(new[] { "a", "by hand" }));
        Assert.That(hosts.Column("variables").Last(), Is.EqualTo("""{"k":"v","ansible_ssh_port":2222}"""));

        await Admin.PatchAsync($"inventories/{id}/", """{"source":"b\n"}""");
        Assert.That((await Admin.GetAsync($"inventories/{id}/hosts/")).Names, Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task Groups_NestAndHoldHosts_ButNeverInCircles()
    {
        var id = await InventoryAsync("");
        var (top, mid) = (await GroupAsync(id, "top"), await GroupAsync(id, "mid"));
        Assert.That((await Admin.PostAsync($"groups/{top}/children/", $$"""{"id":{{mid}}}""")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        var low = await Admin.CreateAsync($"groups/{mid}/children/", """{"name":"low"}""");
        var host = await Admin.CreateAsync($"groups/{low}/hosts/", """{"name":"h"}""");

        var circle = await Admin.PostAsync($"groups/{low}/children/", $$"""{"id":{{top}}}""");

        Assert.That((circle.Status, (string?)circle["error"]), Is.EqualTo((HttpStatusCode.BadRequest, "Cyclical Group association.")));
        Assert.That((await Admin.PostAsync($"groups/{low}/children/", $$"""{"id":{{low}}}""")).Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await Admin.GetAsync($"groups/{top}/all_hosts/")).Names, Is.EqualTo(new[] { "h" }));
        Assert.That((await Admin.GetAsync($"hosts/{host}/all_groups/")).Names, Is.EqualTo(new[] { "low", "mid", "top" }));
        Assert.That((await Admin.GetAsync($"groups/{low}/potential_children/")).Names, Is.Empty);
        Assert.That((await Admin.GetAsync($"groups/{top}/potential_children/")).Names, Is.EqualTo(new[] { "low" }));
        Assert.That((await Admin.PostAsync($"groups/{low}/hosts/", $$"""{"id":{{host}},"disassociate":1}""")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await Admin.GetAsync($"groups/{top}/all_hosts/")).Names, Is.Empty);
    }

    [Test]
    public async Task Association_AcrossInventories_IsRefused()
    {
        var group = await GroupAsync(await InventoryAsync(""), "g");
        var host = await Admin.CreateAsync($"inventories/{await InventoryAsync("")}/hosts/", """{"name":"h"}""");

        Assert.That((await Admin.PostAsync($"groups/{group}/hosts/", $$"""{"id":{{host}}}""")).Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [TestCase("hosts", """{"name":"a[1:2]"}""", "name", "brackets")]
    [TestCase("hosts", """{"name":"a:99999"}""", "name", "Invalid port")]
    [TestCase("hosts", """{"name":"a","variables":"- x"}""", "variables", "not a dictionary")]
    [TestCase("hosts", """{"name":"a","variables":"x: [1"}""", "variables", "Cannot parse as JSON")]
    [TestCase("groups", """{"name":"all"}""", "name", "Invalid group name.")]
    [TestCase("groups", """{"name":"g","variables":{"a":1}}""", "variables", "Not a valid string.")]
    public async Task BadRow_IsRefusedByField(string list, string body, string field, string cause)
    {
        var answer = await Admin.PostAsync($"inventories/{await InventoryAsync("")}/{list}/", body);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Error(field), Does.Contain(cause));
    }

    [TestCase("""{"kind":"smart"}""", "kind")]
    [TestCase("""{"host_filter":"name=x"}""", "host_filter")]
    [TestCase("""{"variables":"[1]"}""", "variables")]
    public async Task BadInventory_IsRefusedByField(string body, string field)
    {
        var answer = await Admin.PostAsync("inventories/", $$"""{"name":"{{Fresh("i")}}","organization":1,{{body[1..]}}""");

        Assert.That((answer.Status, answer.Error(field)?.Length > 0), Is.EqualTo((HttpStatusCode.BadRequest, true)));
    }

    [Test]
    public async Task NullsOfAwxClients_AreTaken() => await Admin.CreateAsync(
        "inventories/", $$"""{"name":"{{Fresh("i")}}","organization":1,"kind":null,"host_filter":null,"variables":null}""");

    [Test]
    public async Task VariableData_IsTheTextAsAnObject()
    {
        var id = await InventoryAsync("");
        var group = await Admin.CreateAsync($"inventories/{id}/groups/", """{"name":"g","variables":"a: yes\nb: [1]"}""");
        Assert.That(Compact((await Admin.GetAsync($"groups/{group}/variable_data/")).Json), Is.EqualTo("""{"a":true,"b":[1]}"""));

        var put = await Admin.PutAsync($"groups/{group}/variable_data/", """{"c":1.0}""");

        Assert.That((put.Status, put.Text), Is.EqualTo((HttpStatusCode.OK, """{"c":1.0}""")));
        Assert.That((string?)(await Admin.GetAsync($"groups/{group}/"))["variables"], Is.EqualTo("""{"c":1.0}"""));
        Assert.That((await Admin.PutAsync($"groups/{group}/variable_data/", "[1]")).Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Delete_IsAcceptedOnce_AndDoneInTheBackground()
    {
        var id = await InventoryAsync("[web]\nweb[1:1200]\n");
        await Admin.CreateAsync("job_templates/", $$"""{"name":"{{Fresh("t")}}","job_type":"command","command":["true"],"inventory":{{id}}}""");

        Assert.That((await Admin.DeleteAsync($"inventories/{id}/")).Status, Is.EqualTo(HttpStatusCode.Accepted));

        await Eventually.BeAsync(
            async () => (await Admin.GetAsync($"inventories/{id}/")).Status == HttpStatusCode.NotFound, "the inventory is gone");
        await using var db = Server.Database.Open();
        Assert.That(await db.Hosts.CountAsync(h => h.InventoryId == id), Is.Zero);
    }

    [Test]
    public async Task Delete_WhileAJobUsesIt_IsRefused()
    {
        var id = await InventoryAsync("a\n");
        var job = new Job { Name = "j", InventoryId = id, Status = JobStatuses.Running, ControllerNode = "elsewhere" };
        await Server.InsertAsync(job);

        var answer = await Admin.DeleteAsync($"inventories/{id}/");

        Assert.That((answer.Status, (long?)answer["active_jobs"]![0]!["id"]), Is.EqualTo((HttpStatusCode.Conflict, (long?)job.Id)));
    }

    private Task<long> InventoryAsync(string source) => Admin.CreateAsync(
        "inventories/", $$"""{"name":"{{Fresh("inventory")}}","organization":1,"source":{{JsonSerializer.Serialize(source)}}}""");

    private Task<long> GroupAsync(long inventory, string name) =>
        Admin.CreateAsync($"inventories/{inventory}/groups/", $$"""{"name":"{{name}}"}""");

    private static string Compact(JsonNode node) => node.ToJsonString();
}
