using System.Net;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.AdHoc;

/// <summary>What an ad hoc command may be asked for, and where it may run.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class AdHocInputTests(DatabaseKind kind)
{
    private AdHocRig _rig = null!;

    private ApiClient Admin => _rig.Admin;

    [OneTimeSetUp]
    public async Task StartAsync() => _rig = await AdHocRig.StartAsync(kind);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_rig is not null)
        {
            await _rig.DisposeAsync();
        }
    }

    [TestCase("""{"inventory":null}""", "inventory", "No valid inventory.")]
    [TestCase("""{"inventory":98765}""", "inventory", "Invalid pk \"98765\" - object does not exist.")]
    [TestCase("""{"credential":null}""", "credential", "This field cannot be blank.")]
    [TestCase("""{"credential":98765}""", "credential", "Invalid pk \"98765\" - object does not exist.")]
    [TestCase("""{"module_name":"debug"}""", "module_name", "Unsupported module for ad hoc commands.")]
    [TestCase("""{"module_name":["ping"]}""", "module_name", "Unsupported module for ad hoc commands.")]
    [TestCase("""{"module_name":""}""", "module_args", "No argument passed to command module.")]
    [TestCase("""{"module_name":"command"}""", "module_args", "No argument passed to command module.")]
    [TestCase("""{"module_name":"shell"}""", "module_args", "No argument passed to shell module.")]
    [TestCase("""{"module_args":{}}""", "module_args", "Not a valid string.")]
    [TestCase("""{"job_type":"command"}""", "job_type", "\"command\" is not a valid choice.")]
    [TestCase("""{"verbosity":6}""", "verbosity", "\"6\" is not a valid choice.")]
    [TestCase("""{"forks":-1}""", "forks", "Ensure this value is greater than or equal to 0.")]
    [TestCase("""{"forks":201}""", "forks", "Maximum number of forks (200) exceeded.")]
    [TestCase("""{"become_enabled":"perhaps"}""", "become_enabled", "Must be a valid boolean.")]
    [TestCase("""{"execution_environment":98765}""", "execution_environment", "Invalid pk \"98765\" - object does not exist.")]
    [TestCase("""{"extra_vars":"ansible_user: root\nansible_connection: local\nx: 1"}""", "extra_vars", "ansible_user, ansible_connection are prohibited from use in ad hoc commands.")]
    public async Task WrongValue_IsRefusedByNameAndReason(string more, string field, string message)
    {
        var answer = await Admin.PostAsync("ad_hoc_commands/", _rig.Body(more));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer.Json.AsObject().Select(member => member.Key), Is.EqualTo(new[] { field }), answer.Text);
        Assert.That(answer[field]!.AsArray().Select(one => (string?)one), Is.EqualTo(new[] { message }));
    }

    [Test]
    public async Task Nothing_IsRefusedWithAllThatIsMissing() =>
        Assert.That(
            (await Admin.PostAsync("ad_hoc_commands/", "{}")).Json.AsObject().Select(member => member.Key),
            Is.EquivalentTo(new[] { "inventory", "credential", "module_args" }));

    [Test]
    public async Task CredentialOfAnotherKind_IsRefused()
    {
        var vault = await _rig.Credentials.MakeAsync("vault", new { vault_password = "x" });

        var answer = await Admin.PostAsync("ad_hoc_commands/", _rig.Body($$"""{"credential":{{vault}}}"""));

        Assert.That((string?)answer["credential"]![0], Is.EqualTo("You must provide a machine / SSH credential."), answer.Text);
    }

    [Test]
    public async Task InventoryThatGoes_IsRefused()
    {
        var inventory = new Inventory { Name = $"{Guid.NewGuid():N}", OrganizationId = 1, PendingDeletion = true };
        await _rig.Server.InsertAsync(inventory);

        var answer = await Admin.PostAsync("ad_hoc_commands/", _rig.Body($$"""{"inventory":{{inventory.Id}}}"""));

        Assert.That((string?)answer["inventory"]![0], Is.EqualTo("The inventory associated with this ad hoc command is being deleted."), answer.Text);
    }

    [Test]
    public async Task Command_IsNotChanged_AndOptionsTellWhatItTakes()
    {
        var options = await Admin.SendAsync(HttpMethod.Options, "ad_hoc_commands/");
        var fields = options["actions"]!["POST"]!.AsObject();

        Assert.That(fields["module_name"]!["choices"]!.AsArray().Select(choice => (string?)choice![0]).Where(name => name!.Length > 0).ToList(), Has.Count.EqualTo(19));
        Assert.That((string?)fields["module_name"]!["default"], Is.EqualTo("command"));
        Assert.That(fields.ContainsKey("name") || fields.ContainsKey("description") || fields.ContainsKey("unified_job_template"), Is.False);
        Assert.That(
            fields.Select(field => field.Key),
            Is.EquivalentTo(new[]
            {
                "execution_environment", "job_type", "inventory", "limit", "credential", "module_name", "module_args", "forks", "verbosity",
                "extra_vars", "become_enabled", "diff_mode",
            }));
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Patch })
        {
            Assert.That((await Admin.SendAsync(method, "ad_hoc_commands/1/", "{}")).Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        }

        Assert.That((await Admin.GetAsync("/api/v2/"))["ad_hoc_commands"]!.ToString(), Is.EqualTo("/api/v2/ad_hoc_commands/"));
        Assert.That(
            (await Admin.GetAsync("inventories/two++Default/"))["related"]!["ad_hoc_commands"]!.ToString(),
            Is.EqualTo($"/api/v2/inventories/{_rig.Inventory}/ad_hoc_commands/"));
        Assert.That((await Admin.GetAsync("inventories/two++Default/ad_hoc_commands/")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>AWX's order: the inventory's groups, then its organization's unless the inventory prevents it, else the default.</summary>
    [TestCase(true, false, "of the inventory,of the organization")]
    [TestCase(true, true, "of the inventory")]
    [TestCase(false, false, "of the organization")]
    [TestCase(false, true, InstanceGroup.DefaultName)]
    public async Task Groups_AreTheInventorysThenTheOrganizations(bool hasOwn, bool prevents, string expected)
    {
        var unique = $"{Guid.NewGuid():N}";
        var own = new InstanceGroup { Name = "of the inventory " + unique, ExecutionBackend = "fake" };
        var theirs = new InstanceGroup { Name = "of the organization " + unique, ExecutionBackend = "fake" };
        var organization = new Organization { Name = unique };
        organization.InstanceGroups.Add(new OrganizationInstanceGroup { InstanceGroup = theirs });
        var inventory = new Inventory { Name = unique, Organization = organization, PreventInstanceGroupFallback = prevents };
        if (hasOwn)
        {
            inventory.InstanceGroups.Add(new InventoryInstanceGroup { InstanceGroup = own });
        }

        await _rig.Server.InsertAsync(inventory);

        var made = await Admin.PostAsync("ad_hoc_commands/", _rig.Body($$"""{"inventory":{{inventory.Id}}}"""));

        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        await using var db = _rig.Server.Database.Open();
        var id = (long)made["id"]!;
        var groups = await db.JobInstanceGroups.Where(place => place.JobId == id).OrderBy(place => place.Position)
            .Join(db.InstanceGroups, place => place.InstanceGroupId, group => group.Id, (_, group) => group.Name).ToListAsync();
        Assert.That(string.Join(',', groups.Select(name => name.Replace(" " + unique, "", StringComparison.Ordinal))), Is.EqualTo(expected));
    }
}
