using System.Net;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class CredentialsApiTests(DatabaseKind kind)
{
    private const string Password = "the machine's password";

    private ApiServer _server = null!;

    private ApiClient Admin => _server.Admin;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await ApiServer.StartAsync(
        kind,
        null,
        ("Plugins:Directories:1", BuiltInPlugins.Directory),
        ("Plugins:Settings:fake:uses_instances", "false"),
        ("Plugins:Settings:fake:credential_kind", "kubernetes"));

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [TestCase("ssh", "Machine", "ssh")]
    [TestCase("vault", "Vault", "vault")]
    [TestCase("scm", "Source Control", "scm")]
    [TestCase("registry", "Container Registry", "registry")]
    [TestCase("kubernetes_bearer_token", "OpenShift or Kubernetes API Bearer Token", "kubernetes")]
    public async Task TypesOfPlugins_AreThere_AndCantBeChanged(string @namespace, string name, string kindOfType)
    {
        var id = await TypeAsync(@namespace);

        var type = await Admin.GetAsync($"credential_types/{id}/");
        Assert.That(((string?)type["name"], (string?)type["kind"], (bool?)type["managed"]), Is.EqualTo((name, kindOfType, (bool?)true)));
        Assert.That((await Admin.PatchAsync($"credential_types/{id}/", """{"name":"x"}""")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Admin.DeleteAsync($"credential_types/{id}/")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("""{"kind":"ssh"}""", "kind", "Must be 'cloud' or 'net', not ssh")]
    [TestCase("""{"inputs":{"dependencies":{}}}""", "inputs", "'dependencies' is not supported for custom credentials.")]
    [TestCase("""{"inputs":{"more":1}}""", "inputs", "Additional properties are not allowed ('more' was unexpected)")]
    [TestCase("""{"inputs":{"fields":[{"id":"1x","label":"l"}]}}""", "inputs", "1x is an invalid variable name")]
    [TestCase("""{"inputs":{"fields":[{"id":"tower","label":"l"}]}}""", "inputs", "tower is a reserved field name")]
    [TestCase("""{"inputs":{"fields":[{"id":"a","label":"l","default":true}]}}""", "inputs", "true is not a string")]
    [TestCase("""{"inputs":{"fields":[{"id":"a","label":"l","type":"boolean","default":"x"}]}}""", "inputs", "\"x\" is not a boolean")]
    [TestCase("""{"injectors":{"env":{"X":"{{ nobody }}"}}}""", "injectors", "env X uses an undefined field ('nobody' is undefined)")]
    [TestCase("""{"injectors":{"env":{"ANSIBLE_CONFIG":"x"}}}""", "injectors",
        "Environment variable ANSIBLE_CONFIG may affect Ansible configuration so its use is not allowed in credentials.")]
    [TestCase("""{"injectors":{"file":{"template":"a","template.b":"c"}}}""", "injectors", "Must use multi-file syntax when injecting multiple files")]
    public async Task ATypeThatCantWork_IsRefusedWithTheReason(string change, string field, string message)
    {
        var body = JsonNode.Parse($$"""{"name":"{{Fresh()}}","kind":"cloud"}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            body[name] = value!.DeepClone();
        }

        var answer = await Admin.PostAsync("credential_types/", body.ToJsonString());

        Assert.That((answer.Status, answer.Error(field)), Is.EqualTo((HttpStatusCode.BadRequest, message)), answer.Text);
    }

    [Test]
    public async Task ATypeInUse_KeepsItsInputs_AndStays()
    {
        var type = await Admin.CreateAsync(
            "credential_types/", $$"""{"name":"{{Fresh()}}","kind":"cloud","inputs":{"fields":[{"id":"a","label":"A","secret":true}] } }""");
        await MakeAsync(type, """{"a":"some value"}""");

        Assert.That((await Admin.PatchAsync($"credential_types/{type}/", """{"description":"d"}""")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            (string?)(await Admin.PatchAsync($"credential_types/{type}/", """{"inputs":{}}"""))["detail"],
            Is.EqualTo("Modifications to inputs are not allowed for credential types that are in use"));
        Assert.That(
            (string?)(await Admin.DeleteAsync($"credential_types/{type}/"))["detail"],
            Is.EqualTo("Credential types that are in use cannot be deleted"));
    }

    [Test]
    public async Task ASecret_IsNeverShown_KeptWhenSentBack_AndLostWhenLeftOut()
    {
        var id = await MakeAsync(await TypeAsync("ssh"), $$"""{"username":"u","password":"{{Password}}"}""");

        Assert.That(Inputs(await Admin.GetAsync($"credentials/{id}/")), Is.EqualTo("""{"username":"u","password":"$encrypted$"}"""));

        var kept = await Admin.PatchAsync($"credentials/{id}/", """{"inputs":{"username":"v","password":"$encrypted$"}}""");
        Assert.That(Inputs(kept), Is.EqualTo("""{"username":"v","password":"$encrypted$"}"""));
        Assert.That(await CountSecretsAsync(id), Is.EqualTo(1));

        var lost = await Admin.PatchAsync($"credentials/{id}/", """{"inputs":{"username":"w"}}""");
        Assert.That(Inputs(lost), Is.EqualTo("""{"username":"w"}"""));
        Assert.That(await CountSecretsAsync(id), Is.Zero);
    }

    [Test]
    public async Task ACopy_HasTheSameSecrets_EncryptedForItself()
    {
        var id = await MakeAsync(await TypeAsync("ssh"), $$"""{"password":"{{Password}}"}""");

        var copy = await Admin.PostAsync($"credentials/{id}/copy/", $$"""{"name":"{{Fresh()}}"}""");

        Assert.That(copy.Status, Is.EqualTo(HttpStatusCode.Created), copy.Text);
        await using var db = _server.Database.Open();
        var reader = _server.Services.GetRequiredService<ContainerGroups.Host.Credentials.CredentialReader>();
        var open = await reader.FindAsync(db, (long)copy["id"]!, CancellationToken.None);
        Assert.That(open!.Values.GetString("password"), Is.EqualTo(Password));
    }

    [TestCase("""{"password":"$encrypted$"}""", """["$encrypted$ is a reserved keyword, and cannot be used for password."]""")]
    [TestCase("""{"x":1}""", """["Additional properties are not allowed ('x' was unexpected)"]""")]
    [TestCase("""{"username":5}""", """{"username":["5 is not of type 'string'"]}""")]
    [TestCase("""{"password":["deep secret"]}""", """{"password":["The value is not of type 'string'"]}""")]
    [TestCase("""{"ssh_key_data":"deep secret"}""",
        """{"ssh_key_data":["Invalid certificate or key: a private key in PEM form is expected (-----BEGIN … PRIVATE KEY-----)."]}""")]
    public async Task BadInputs_AreRefused_WithoutTellingASecret(string inputs, string errors)
    {
        var answer = await PostAsync(await TypeAsync("ssh"), inputs);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(JsonNode.DeepEquals(answer["inputs"], JsonNode.Parse(errors)), Is.True, answer.Text);
        Assert.That(answer.Text, Does.Not.Contain("deep secret"));
    }

    [TestCase("", "Missing 'user', 'team', or 'organization'.")]
    [TestCase(""","organization":1,"user":1""", "Only one of 'user', 'team', or 'organization' should be provided, received organization, user fields.")]
    public async Task ExactlyOneOwner_IsNeeded(string owners, string message)
    {
        var answer = await Admin.PostAsync("credentials/", $$"""{"name":"x","credential_type":{{await TypeAsync("ssh")}}{{owners}}}""");

        Assert.That((answer.Status, answer.Error("detail")), Is.EqualTo((HttpStatusCode.BadRequest, message)));
    }

    [Test]
    public async Task FilteringOnInputs_IsRefused() =>
        Assert.That((await Admin.GetAsync("credentials/?inputs__contains=a")).Status, Is.EqualTo(HttpStatusCode.Forbidden));

    [Test]
    public async Task ATest_TellsWhichSecretsAreTooShortToMask()
    {
        var id = await MakeAsync(await TypeAsync("ssh"), """{"password":"abc","become_password":"long enough"}""");

        var test = await Admin.PostAsync($"credentials/{id}/test/", "{}");

        Assert.That(test["unmaskable_inputs"]!.ToJsonString(), Is.EqualTo("""["password"]"""), test.Text);
    }

    [Test]
    public async Task AGroupWithAKubernetesCredential_IsAContainerGroup_UntilItIsTakenAway()
    {
        var credential = await MakeAsync(
            await TypeAsync("kubernetes_bearer_token"), """{"host":"https://cluster:6443","bearer_token":"cluster-token"}""");
        var id = await Admin.CreateAsync(
            "instance_groups/", $$"""{"name":"{{Fresh()}}","is_container_group":true,"credential":{{credential}},"execution_backend":"fake"}""");

        var group = await Admin.GetAsync($"instance_groups/{id}/");
        Assert.That(((bool?)group["kubernetes"], (bool?)group["is_container_group"]), Is.EqualTo(((bool?)true, (bool?)true)));
        Assert.That((bool?)group["summary_fields"]!["credential"]!["kubernetes"], Is.True);
        await using (var db = _server.Database.Open())
        {
            var row = await db.InstanceGroups.AsNoTracking().SingleAsync(one => one.Id == id);
            var (_, target) = await _server.Services.GetRequiredService<GroupTargets>().ResolveAsync(row, "", "", CancellationToken.None);
            Assert.That(target.CredentialTypeNamespace, Is.EqualTo("kubernetes_bearer_token"));
            Assert.That(target.Credential.GetString("bearer_token"), Is.EqualTo("cluster-token"));
            Assert.That(target.Credential.GetBoolean("verify_ssl"), Is.True);
            Assert.That(target.CredentialVersion, Is.Not.Empty);
        }

        var without = await Admin.PatchAsync($"instance_groups/{id}/", """{"credential":null}""");
        Assert.That(((bool?)without["kubernetes"], (bool?)without["is_container_group"]), Is.EqualTo(((bool?)false, (bool?)true)), without.Text);
    }

    [Test]
    public async Task AContainerGroup_WithoutACredential_IsRefusedOutsideOfAnyCluster()
    {
        var answer = await Admin.PostAsync("instance_groups/", $$"""{"name":"{{Fresh()}}","is_container_group":true,"execution_backend":"fake"}""");

        Assert.That(
            (answer.Status, answer.Error("credential")),
            Is.EqualTo((HttpStatusCode.BadRequest, "A container group needs a credential of kind kubernetes, unless the server itself runs in a cluster.")));
    }

    [Test]
    public async Task AGroup_TakesNoOtherCredential_AndOnlyTogetherWithTheFlag()
    {
        var machine = await MakeAsync(await TypeAsync("ssh"), "{}");
        var group = await Admin.CreateAsync("instance_groups/", $$"""{"name":"{{Fresh()}}"}""");

        var answer = await Admin.PatchAsync($"instance_groups/{group}/", $$"""{"credential":{{machine}}}""");

        Assert.That(answer.Error("credential"), Is.EqualTo("Only Kubernetes credentials can be associated with an Instance Group"));
        Assert.That(
            answer.Error("is_container_group"),
            Is.EqualTo("is_container_group must be True when associating a credential to an Instance Group"));
    }

    [Test]
    public async Task ATemplate_TakesOneCredentialOfAType_AndVaultsById()
    {
        var template = await Admin.CreateAsync("job_templates/", $$"""{"name":"{{Fresh()}}","job_type":"command","command":["true"]}""");
        var (ssh, vault) = (await TypeAsync("ssh"), await TypeAsync("vault"));

        Assert.That((await AttachAsync(template, await MakeAsync(ssh, "{}"))).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((string?)(await AttachAsync(template, await MakeAsync(ssh, "{}")))["error"], Is.EqualTo("Cannot assign multiple Machine credentials."));
        Assert.That(
            (string?)(await AttachAsync(template, await MakeAsync(await TypeAsync("scm"), "{}")))["error"],
            Is.EqualTo("Cannot assign a Credential of kind `scm`."));
        Assert.That((await AttachAsync(template, await MakeAsync(vault, """{"vault_id":"a"}"""))).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await AttachAsync(template, await MakeAsync(vault, """{"vault_id":"b"}"""))).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(
            (string?)(await AttachAsync(template, await MakeAsync(vault, """{"vault_id":"b"}""")))["error"],
            Is.EqualTo("Cannot assign multiple Vault (id=b) credentials."));
        Assert.That((await Admin.GetAsync($"job_templates/{template}/credentials/")).Json["count"]!.GetValue<int>(), Is.EqualTo(3));
    }

    [Test]
    public async Task ATypeWhosePluginIsGone_StaysWithItsCredentials_AndSaysSo()
    {
        var type = new ContainerGroups.Host.Storage.CredentialType
        {
            Name = Fresh(),
            Kind = "cloud",
            Namespace = $"gone_{Guid.NewGuid():N}",
            Managed = true,
            Inputs = """{"fields":[{"id":"a","label":"A","type":"string"}]}""",
        };
        await _server.InsertAsync(type);
        await _server.InsertAsync(new ContainerGroups.Host.Storage.Credential
        {
            Name = Fresh(),
            CredentialTypeId = type.Id,
            OrganizationId = 1,
            Inputs = """{"a":"b"}""",
        });

        await _server.Services.GetRequiredService<CredentialTypeSync>().SyncAsync(CancellationToken.None);

        Assert.That((bool?)(await Admin.GetAsync($"credential_types/{type.Id}/"))["plugin_missing"], Is.True);
        var credential = (await Admin.GetAsync($"credential_types/{type.Id}/credentials/")).Json["results"]![0]!;
        Assert.That(credential["inputs"]!["a"]!.ToString(), Is.EqualTo("b"));
        var change = await Admin.PatchAsync($"credentials/{credential["id"]}/", """{"inputs":{"a":"c"}}""");
        Assert.That(change.Error("credential_type"), Does.Contain("is not there"));
    }

    private static string Fresh() => $"n {Guid.NewGuid():N}";

    private static string Inputs(ApiAnswer answer) => answer["inputs"]!.ToJsonString();

    private async Task<long> TypeAsync(string @namespace) =>
        (long)(await Admin.GetAsync($"credential_types/?namespace={@namespace}")).Json["results"]![0]!["id"]!;

    private Task<ApiAnswer> PostAsync(long type, string inputs) => Admin.PostAsync(
        "credentials/", $$"""{"name":"{{Fresh()}}","organization":1,"credential_type":{{type}},"inputs":{{inputs}}}""");

    private async Task<long> MakeAsync(long type, string inputs)
    {
        var answer = await PostAsync(type, inputs);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        return (long)answer["id"]!;
    }

    private Task<ApiAnswer> AttachAsync(long template, long credential) =>
        Admin.PostAsync($"job_templates/{template}/credentials/", $$"""{"id":{{credential}}}""");

    private async Task<int> CountSecretsAsync(long id)
    {
        await using var db = _server.Database.Open();
        return await db.CredentialSecrets.CountAsync(secret => secret.CredentialId == id);
    }
}
