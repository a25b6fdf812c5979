using System.Net;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

internal sealed class InstanceGroupTests(DatabaseKind kind) : ApiFixture(kind)
{
    private const string Pod = """{"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"ansible"},"spec":{"containers":[{"image":"x"}]}}""";

    [Test, Order(0)]
    public async Task FreshServer_HasTheDefaultGroupWithThisMachine_AndTheFirstGroupOfAUserIsTheSecond()
    {
        var groups = await Admin.GetAsync("instance_groups/");
        var instances = await Admin.GetAsync("instance_groups/1/instances/");

        var made = await Admin.CreateAsync("instance_groups/", """{"name":"openshift","is_container_group":true}""");

        Assert.That(groups.Names, Is.EqualTo(new[] { "default" }));
        Assert.That((int)groups["results"]![0]!["instances"]!, Is.EqualTo(1));
        Assert.That((int)groups["results"]![0]!["capacity"]!, Is.Positive);
        Assert.That(instances.Column("hostname"), Is.EqualTo(new[] { ApiServer.Hostname }));
        Assert.That(made, Is.EqualTo(2));
    }

    [Test]
    public async Task PodAsBody_IsStoredAsOverride_AndTheRestOfTheBodyStillCounts()
    {
        var id = await NewContainerGroupAsync();

        var answer = await Admin.PatchAsync($"instance_groups/{id}/", Pod);
        var mixed = await Admin.PatchAsync($"instance_groups/{id}/", """{"kind":"Pod","spec":{},"max_forks":7}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(
            System.Text.Json.Nodes.JsonNode.Parse(answer["pod_spec_override"]!.ToString())!.ToJsonString(), Is.EqualTo(Pod));
        Assert.That((int)mixed["max_forks"]!, Is.EqualTo(7));
        Assert.That(mixed["pod_spec_override"]!.ToString(), Does.Not.Contain("max_forks"));
    }

    [Test]
    public async Task PodAsText_IsStoredAsItWasGiven()
    {
        var id = await NewContainerGroupAsync();

        var answer = await Admin.PatchAsync($"instance_groups/{id}/", """{"pod_spec_override":"# mine\nspec:\n  containers: []\n"}""");

        Assert.That(answer["pod_spec_override"]!.ToString(), Is.EqualTo("# mine\nspec:\n  containers: []\n"));
    }

    [Test]
    public async Task PodInBothForms_NamesBoth_AndStoresNothing()
    {
        var id = await NewContainerGroupAsync();

        var answer = await Admin.PatchAsync($"instance_groups/{id}/", """{"pod_spec_override":"spec: {}","spec":{}}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Error("pod_spec_override"), Does.Contain("not both"));
        Assert.That(answer.Error("spec"), Does.Contain("not both"));
        Assert.That((await Admin.GetAsync($"instance_groups/{id}/"))["pod_spec_override"]!.ToString(), Is.Empty);
    }

    [TestCase("""{"pod_spec_override":"- a"}""", "pod_spec_override", "A mapping is expected: a Pod, or a part of one.")]
    [TestCase("""{"pod_spec_override":"just text"}""", "pod_spec_override", "A mapping is expected: a Pod, or a part of one.")]
    [TestCase("""{"pod_spec_override":"a: [b"}""", "pod_spec_override", null)]
    [TestCase("""{"pod_spec_override":"a: b\n---\nc: d"}""", "pod_spec_override", "One document is expected, not several.")]
    [TestCase("""{"kind":"Deployment","spec":{}}""", "kind", "Only a Pod can be given, kind: Pod.")]
    [TestCase("""{"kind":"Pod","spec":[]}""", "spec", "A Pod's spec is a mapping.")]
    [TestCase("""{"credential":5}""", "is_container_group", "is_container_group must be True when associating a credential to an Instance Group")]
    [TestCase("""{"credential":5}""", "credential", "Invalid pk \"5\" - object does not exist.")]
    [TestCase("""{"policy_instance_percentage":5}""", "policy_instance_percentage", "Containerized instances may not be managed via the API")]
    [TestCase("""{"policy_instance_minimum":5}""", "policy_instance_minimum", "Containerized instances may not be managed via the API")]
    [TestCase("""{"policy_instance_list":["x"]}""", "policy_instance_list", "Containerized instances may not be managed via the API")]
    [TestCase("""{"execution_backend":"nowhere"}""", "execution_backend", "No active plugin offers the backend 'nowhere'; there is fake.")]
    public async Task ContainerGroup_RefusesWhatMakesNoSense(string json, string field, string? message)
    {
        var id = await NewContainerGroupAsync();

        var answer = await Admin.PatchAsync($"instance_groups/{id}/", json);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Error(field), message is null ? Does.StartWith("Cannot parse as YAML or JSON (line") : Is.EqualTo(message));
    }

    [TestCase("""{"name":"other"}""", "name", "default instance group name may not be changed.")]
    [TestCase("""{"is_container_group":true}""", "is_container_group", "default instance group is_container_group may not be changed.")]
    [TestCase("""{"policy_instance_list":["first.example.org"]}""", "policy_instance_list", "default instance group policy_instance_list may not be changed.")]
    [TestCase(
        """{"policy_instance_percentage":5}""", "policy_instance_percentage",
        "default instance group policy_instance_percentage may not be changed from the initial value set by the installer.")]
    public async Task DefaultGroup_StaysWhatItIs(string json, string field, string message) =>
        Assert.That((await Admin.PatchAsync("instance_groups/default/", json)).Error(field), Is.EqualTo(message));

    [Test]
    public async Task DefaultGroup_CantBeDeleted_AndTakesLimits()
    {
        Assert.That((await Admin.DeleteAsync("instance_groups/1/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((int)(await Admin.PatchAsync("instance_groups/1/", """{"max_forks":3}"""))["max_forks"]!, Is.EqualTo(3));
    }

    [TestCase("""["nobody"]""", "nobody is not a valid hostname of an existing instance.")]
    [TestCase("""["first.example.org","first.example.org"]""", "Duplicate entry first.example.org.")]
    public async Task PolicyList_NamesInstancesOnce(string list, string message)
    {
        var answer = await Admin.PostAsync("instance_groups/", $$"""{"name":"{{Fresh("g")}}","policy_instance_list":{{list}}}""");

        Assert.That(answer.Error("policy_instance_list"), Is.EqualTo(message));
    }

    [Test]
    public async Task Policies_FillAGroup_AndAContainerGroupLosesThem()
    {
        var id = await Admin.CreateAsync("instance_groups/", $$"""{"name":"{{Fresh("g")}}","policy_instance_minimum":1}""");
        Assert.That((int)(await Admin.GetAsync($"instance_groups/{id}/instances/"))["count"]!, Is.EqualTo(1));

        var changed = await Admin.PatchAsync($"instance_groups/{id}/", """{"is_container_group":1}""");

        Assert.That((int)changed["policy_instance_minimum"]!, Is.Zero);
        Assert.That((int)(await Admin.GetAsync($"instance_groups/{id}/instances/"))["count"]!, Is.Zero);
    }

    [Test]
    public async Task Membership_IsKeptInThePolicyList()
    {
        var id = await Admin.CreateAsync("instance_groups/", $$"""{"name":"{{Fresh("g")}}"}""");
        var instance = await Admin.CreateAsync("instances/", $$"""{"hostname":"member{{id}}.example.org","managed_by_policy":false}""");

        var attached = await Admin.PostAsync($"instance_groups/{id}/instances/", $$"""{"id":{{instance}}}""");
        var listed = await Admin.GetAsync($"instances/{instance}/instance_groups/");
        var list = (await Admin.GetAsync($"instance_groups/{id}/"))["policy_instance_list"]!.ToJsonString();
        var detached = await Admin.PostAsync($"instances/{instance}/instance_groups/", $$"""{"id":{{id}},"disassociate":true}""");

        Assert.That(attached.Status, Is.EqualTo(HttpStatusCode.NoContent), attached.Text);
        Assert.That(listed.Column("id"), Is.EqualTo(new[] { id.ToString(System.Globalization.CultureInfo.InvariantCulture) }));
        Assert.That(list, Is.EqualTo($"[\"member{id}.example.org\"]"));
        Assert.That(detached.Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((int)(await Admin.GetAsync($"instance_groups/{id}/instances/"))["count"]!, Is.Zero);
        Assert.That((await Admin.GetAsync($"instance_groups/{id}/"))["policy_instance_list"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task ContainerGroup_TakesNoInstances()
    {
        var id = await NewContainerGroupAsync();

        var answer = await Admin.PostAsync($"instance_groups/{id}/instances/", """{"id":1}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer["msg"]!.ToString(), Does.StartWith($"Cannot add instance {ApiServer.Hostname} to container group"));
    }

    [Test]
    public async Task UnfinishedJob_KeepsItsGroup_AndIsCounted()
    {
        var id = await NewContainerGroupAsync();
        var job = new Job { Name = "busy", Status = JobStatuses.Running, InstanceGroupId = id, TaskImpact = 6 };
        await Server.InsertAsync(job);
        await Server.InsertAsync(new Job { Name = "done", Status = JobStatuses.Successful, InstanceGroupId = id, TaskImpact = 6 });

        var shown = await Admin.GetAsync($"instance_groups/{id}/");
        var refused = await Admin.DeleteAsync($"instance_groups/{id}/");

        Assert.That((int)shown["consumed_capacity"]!, Is.EqualTo(6));
        Assert.That((int)shown["jobs_running"]!, Is.EqualTo(1));
        Assert.That((int)shown["jobs_total"]!, Is.EqualTo(2));
        Assert.That((double)shown["percent_capacity_remaining"]!, Is.EqualTo(40));
        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(refused["error"]!.ToString(), Is.EqualTo("Resource is being used by running jobs."));
        Assert.That(refused["active_jobs"]!.ToJsonString(), Is.EqualTo($$"""[{"id":{{job.Id}},"type":"job"}]"""));
    }

    [Test]
    public async Task JobInTheQueue_KeepsTheGroupThatItWaitsFor()
    {
        var id = await NewContainerGroupAsync();
        var job = new Job { Name = "waits", Status = JobStatuses.Pending };
        job.PreferredInstanceGroups.Add(new JobInstanceGroup { InstanceGroupId = id });
        await Server.InsertAsync(job);

        var refused = await Admin.DeleteAsync($"instance_groups/{id}/");

        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(refused["active_jobs"]!.ToJsonString(), Is.EqualTo($$"""[{"id":{{job.Id}},"type":"job"}]"""));
    }

    [Test]
    public async Task PreferredGroups_KeepTheirOrder()
    {
        var organization = await Admin.CreateAsync("organizations/", $$"""{"name":"{{Fresh("org")}}"}""");
        var ids = new List<long>();
        for (var i = 0; i < 4; i++)
        {
            ids.Insert(0, await NewContainerGroupAsync());
        }

        foreach (var id in ids)
        {
            await Admin.PostAsync($"organizations/{organization}/instance_groups/", $$"""{"id":{{id}}}""");
        }

        await Admin.PostAsync($"organizations/{organization}/instance_groups/", $$"""{"id":{{ids[1]}},"disassociate":1}""");
        await Admin.PostAsync($"organizations/{organization}/instance_groups/", $$"""{"id":{{ids[0]}}}""");
        var answer = await Admin.GetAsync($"organizations/{organization}/instance_groups/");

        Assert.That(answer.Column("id").Select(long.Parse), Is.EqualTo(new[] { ids[0], ids[2], ids[3] }));
    }

    [Test]
    public async Task BackendSettings_AreCheckedByTheBackendsSchema()
    {
        var id = await NewContainerGroupAsync();

        var unknown = await Admin.PatchAsync($"instance_groups/{id}/", """{"execution_backend":"fake","backend_settings":{"nothing":1}}""");
        var list = await Admin.PatchAsync($"instance_groups/{id}/", """{"execution_backend":"fake","backend_settings":[1]}""");
        var empty = await Admin.PatchAsync($"instance_groups/{id}/", """{"execution_backend":""}""");

        Assert.That(unknown.Error("backend_settings"), Does.StartWith("nothing: the backend fake has no such setting; it has "));
        Assert.That(list.Error("backend_settings"), Is.EqualTo("An object is expected, from setting to value."));
        Assert.That(empty.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(empty["execution_backend"], Is.Null);
    }

    private Task<long> NewContainerGroupAsync() =>
        Admin.CreateAsync("instance_groups/", $$"""{"name":"{{Fresh("pods")}}","is_container_group":true,"max_forks":10}""");
}
