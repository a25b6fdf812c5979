using System.Net;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Access;

/// <summary>Roles as AWX's command line and collection give them, show them and take them back.</summary>
internal sealed class RolesTests(DatabaseKind kind) : AccessFixture(kind)
{
    [Test]
    public async Task Role_IsFoundAtItsObject_GivenToAUser_AndTakenBack_Repeatably()
    {
        var world = await MakeWorldAsync();
        var (template, nobody) = (world.Ids["template"], CallerIds["nobody"]);
        var shown = await Admin.GetAsync($"job_templates/{template}/");
        var role = (long)shown["summary_fields"]!["object_roles"]!["execute_role"]!["id"]!;
        Assert.That((await Admin.OptionsAsync("job_templates/"))["object_roles"]!.AsArray().Select(name => name!.ToString()), Does.Contain("execute_role"));

        for (var i = 0; i < 2; i++)
        {
            Assert.That((await Admin.PostAsync($"users/{nobody}/roles/", $$"""{"id":{{role}},"associate":true}""")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        }

        Assert.That((await Admin.GetAsync($"users/{nobody}/roles/")).Column("id"), Is.EqualTo(new[] { role.ToString() }));
        Assert.That((await Admin.GetAsync($"roles/{role}/users/")).Column("username"), Does.Contain("nobody"));
        var seen = await Clients["nobody"].GetAsync($"job_templates/{template}/");
        Assert.That(seen["summary_fields"]!["user_capabilities"]!.ToJsonString(), Is.EqualTo("""{"edit":false,"delete":false,"start":true,"schedule":true,"copy":false}"""));
        for (var i = 0; i < 2; i++)
        {
            Assert.That((await Admin.PostAsync($"users/{nobody}/roles/", $$"""{"id":{{role}},"disassociate":true}""")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        }

        Assert.That((await Clients["nobody"].GetAsync($"job_templates/{template}/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task RoleLevel_AsksForObjectsOnWhichTheCallerHasTheRole()
    {
        var world = await MakeWorldAsync();

        Assert.That((int)(await Clients["template-execute"].GetAsync($"job_templates/?role_level=execute_role&id={world.Ids["template"]}"))["count"]!, Is.EqualTo(1));
        Assert.That((int)(await Clients["template-execute"].GetAsync($"job_templates/?role_level=admin_role&id={world.Ids["template"]}"))["count"]!, Is.Zero);
        Assert.That((int)(await Clients["org-admin"].GetAsync($"job_templates/?role_level=admin_role&id={world.Ids["template"]}"))["count"]!, Is.EqualTo(1));
        Assert.That((await Admin.GetAsync("jobs/?role_level=admin_role")).Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await Admin.GetAsync("projects/?role_level=execute_role")).Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Members_HaveTheRolesOfTheirTeam_AsLongAsTheyAreInIt()
    {
        var world = await MakeWorldAsync();
        var (team, nobody) = (world.Ids["team"], CallerIds["nobody"]);
        await Admin.PostAsync($"teams/{team}/users/", $$"""{"id":{{nobody}}}""");

        Assert.That((await Clients["nobody"].GetAsync($"job_templates/{world.Ids["template"]}/")).Status, Is.EqualTo(HttpStatusCode.OK));
        var listed = (await Admin.GetAsync($"job_templates/{world.Ids["template"]}/access_list/?username=nobody"))["results"]![0]!;
        Assert.That((long)listed["summary_fields"]!["direct_access"]![0]!["role"]!["team_id"]!, Is.EqualTo(team));

        await Admin.PostAsync($"teams/{team}/users/", $$"""{"id":{{nobody}},"disassociate":true}""");
        Assert.That((await Clients["nobody"].GetAsync($"job_templates/{world.Ids["template"]}/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Template_IsItsMakers()
    {
        var world = await MakeWorldAsync();
        var maker = Clients["project-use"];

        var id = await maker.CreateAsync(
            "job_templates/", $$"""{"name":"own","project":{{world.Ids["project"]}},"ask_inventory_on_launch":true,"playbook":"site.yml"}""");

        Assert.That((await maker.PatchAsync($"job_templates/{id}/", """{"description":"x"}""")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Grants_GoWithTheirObject()
    {
        var world = await MakeWorldAsync();
        await Admin.DeleteAsync($"organizations/{world.Ids["organization"]}/");

        await using var db = Server.Database.Open();
        var ids = world.Ids;
        Assert.That(
            db.RoleGrants.Any(grant => (grant.Role == ObjectRole.OrganizationAdmin && grant.ObjectId == ids["organization"])
                || (grant.Role == ObjectRole.ProjectUse && grant.ObjectId == ids["project"])
                || (grant.Role == ObjectRole.TeamMember && grant.ObjectId == ids["team"])),
            Is.False);
    }
}
