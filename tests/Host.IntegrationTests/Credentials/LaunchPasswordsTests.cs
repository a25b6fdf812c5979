using System.Net;
using System.Text.Json;
using ContainerGroups.Host.IntegrationTests.Projects;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>Passwords that credentials leave to be asked for at launch.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class LaunchPasswordsTests(DatabaseKind kind)
{
    private const string Ssh = "asked; for \"ssh\" 1";
    private const string Become = "asked for become 2";
    private const string Unlock = "asked for the key 3";
    private const string Vault = "asked for the vault 4";

    private static readonly string Given = JsonSerializer.Serialize(new
    {
        credential_passwords = new Dictionary<string, string>
        {
            ["ssh_password"] = Ssh,
            ["become_password"] = Become,
            ["ssh_key_unlock"] = Unlock,
            ["vault_password.prod"] = Vault,
            ["other"] = "not needed",
        },
    });

    private static readonly string[] Needed = ["ssh_password", "ssh_key_unlock", "become_password", "vault_password.prod"];

    private TemporaryDirectory _files = null!;
    private ApiServer _server = null!;
    private CredentialApi _credentials = null!;
    private long[] _asking = [];
    private long _template;

    private ApiClient Admin => _server.Admin;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _files = new TemporaryDirectory();
        _server = await ApiServer.StartAsync(kind, null, ("Plugins:Directories:1", BuiltInPlugins.Directory), ("Projects:Root", _files.Path));
        _credentials = new CredentialApi(Admin);
        var key = SshKeys.Make(_files.File("key"), Unlock);
        _asking =
        [
            await _credentials.MakeAsync("ssh", new { password = "ASK", become_password = "ASK", ssh_key_data = key, ssh_key_unlock = "ASK" }),
            await _credentials.MakeAsync("vault", new { vault_password = "ASK", vault_id = "prod" }),
        ];
        Directory.CreateDirectory(_files.File("asking"));
        await File.WriteAllTextAsync(_files.File("asking/site.yml"), $$$"""
            - hosts: all
              gather_facts: false
              vars:
                secrets: "{{ playbook_dir }}/../.containergroups"
                ssh: "{{ lookup('file', secrets ~ '/connection_password') }}"
                become: "{{ lookup('file', secrets ~ '/become_password') }}"
                vault: "{{ lookup('file', lookup('fileglob', secrets ~ '/vault_*')) }}"
              tasks:
                - ansible.builtin.assert:
                    quiet: true
                    that:
                      - ssh | hash('sha256') == '{{{LeakPlaybook.Hash(Ssh)}}}'
                      - become | hash('sha256') == '{{{LeakPlaybook.Hash(Become)}}}'
                      - vault | hash('sha256') == '{{{LeakPlaybook.Hash(Vault)}}}'
                      - lookup('pipe', 'ssh-add -l') is search('ED25519')
                - ansible.builtin.debug:
                    msg: ["plain={{ ssh }}", "{{ become | b64encode }} {{ vault | to_json }}"]
                - ansible.builtin.file:
                    path: {{{_files.Path}}}/started
                    state: touch
                - ansible.builtin.wait_for:
                    path: {{{_files.Path}}}/go
                    timeout: 120

            """.ReplaceLineEndings("\n"));
        _template = await _credentials.MakeTemplateAsync(await _credentials.MakeManualProjectAsync("asking"), _asking);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _files.Dispose();
    }

    [Test]
    public async Task ATemplate_SaysWhatItAsksFor()
    {
        var launch = await Admin.GetAsync($"job_templates/{_template}/launch/");

        Assert.That(Texts(launch, "passwords_needed_to_start"), Is.EqualTo(Needed));
        Assert.That((bool)launch["can_start_without_user_input"]!, Is.False);
        var credentials = launch["defaults"]!["credentials"]!.AsArray();
        Assert.That(credentials[1]!["passwords_needed"]!.AsArray().Select(name => name!.ToString()), Is.EqualTo(new[] { "vault_password.prod" }));
    }

    [TestCase("{}", "ssh_password,ssh_key_unlock,become_password,vault_password.prod")]
    [TestCase("""{"credential_passwords":null}""", "ssh_password,ssh_key_unlock,become_password,vault_password.prod")]
    [TestCase("""{"credential_passwords":{"ssh_password":"given","become_password":""}}""", "ssh_key_unlock,become_password,vault_password.prod")]
    [TestCase("""{"ssh_password":"in the body itself","ssh_key_unlock":"too"}""", "become_password,vault_password.prod")]
    public async Task ALaunchThatLacksSome_NamesThem(string body, string lacking)
    {
        var launch = await Admin.PostAsync($"job_templates/{_template}/launch/", body);

        Assert.That(launch.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(Texts(launch, "passwords_needed_to_start"), Is.EqualTo(lacking.Split(',')));
        Assert.That(launch.Text, Does.Not.Contain("given").And.Not.Contain("too"));
        Assert.That(await StoredAsync(), Is.Zero);
    }

    [TestCase("\"a text\"", "credential_passwords", "An object is expected")]
    [TestCase("""{"ssh_password":7}""", "ssh_password", "Not a valid string")]
    [TestCase("""{"ssh_password":"a\nb"}""", "ssh_password", "The value must be one line")]
    public async Task WhatIsNoPassword_IsTold(string passwords, string field, string message)
    {
        var launch = await Admin.PostAsync($"job_templates/{_template}/launch/", $$"""{"credential_passwords":{{passwords}}}""");

        Assert.That(launch.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(launch.Text, Does.Contain(field).And.Contain(message));
    }

    [Test]
    public async Task WhatIsGiven_ReachesThePlaybook_ShowsNowhere_AndIsGoneAfterwards()
    {
        var launch = await Admin.PostAsync($"job_templates/{_template}/launch/", Given);
        Assert.That(launch.Status, Is.EqualTo(HttpStatusCode.Created), launch.Text);
        var id = (long)launch["id"]!;
        Assert.That(launch["ignored_fields"]!.ToJsonString(), Is.EqualTo("{}"));
        Assert.That(Texts(launch, "passwords_needed_to_start"), Is.EqualTo(Needed));
        var running = _credentials.EndedAsync(id);
        await Eventually.BeAsync(() => File.Exists(_files.File("started")) || running.IsCompleted, "the playbook runs", TimeSpan.FromMinutes(2));
        var stored = await StoredAsync();
        var dump = await DatabaseDump.OfAsync(_server.Database);
        var seen = RunningProcesses.Look();
        await File.WriteAllTextAsync(_files.File("go"), "");
        var (job, text) = await running;

        string[] secrets = [Ssh, Become, Unlock, Vault];
        Assert.That((string?)job["status"], Is.EqualTo("successful"), job.Text + text);
        Assert.That((stored, await StoredAsync()), Is.EqualTo((Needed.Length, 0)));
        Assert.That(text, Does.Contain("plain=" + new string('*', Ssh.Length)));
        Assert.That(SecretForms.FoundIn(launch.Text + dump + seen.Arguments + seen.Environments + seen.Programs, secrets), Is.Empty, "while it ran");
        Assert.That(SecretForms.FoundIn(await LeakSearch.AnswersAsync(Admin) + await DatabaseDump.OfAsync(_server.Database), secrets), Is.Empty, "afterwards");
        await AssertRelaunchAsksAgainAsync(id);
    }

    [Test]
    public async Task AJobThatIsCanceledInTheQueue_LeavesNone()
    {
        var group = await Admin.CreateAsync("instance_groups/", $$"""{"name":"nobody {{Guid.NewGuid():N}}"}""");
        var body = JsonSerializer.Serialize(new
        {
            name = "waits",
            job_type = "command",
            command = (string[])["true"],
            credentials = (long[])[_asking[1]],
            instance_groups = (long[])[group],
            credential_passwords = new Dictionary<string, string> { ["vault_password.prod"] = Vault },
        });
        var id = await Admin.CreateAsync("jobs/", body);
        var before = await StoredAsync();

        await Admin.PostAsync($"jobs/{id}/cancel/", "{}");

        await _credentials.EndedAsync(id);
        Assert.That((before, await StoredAsync()), Is.EqualTo((1, 0)));
    }

    private async Task AssertRelaunchAsksAgainAsync(long id)
    {
        Assert.That(Texts(await Admin.GetAsync($"jobs/{id}/relaunch/"), "passwords_needed_to_start"), Is.EqualTo(Needed));
        var refused = await Admin.PostAsync($"jobs/{id}/relaunch/", """{"credential_passwords":{"become_password":"x"}}""");
        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            refused.Error("credential_passwords"), Is.EqualTo("Missing passwords needed to start: ssh_password, ssh_key_unlock, vault_password.prod"));

        var again = await Admin.PostAsync($"jobs/{id}/relaunch/", Given);
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.Created), again.Text);
        var (job, text) = await _credentials.EndedAsync((long)again["id"]!);
        Assert.That((string?)job["status"], Is.EqualTo("successful"), text);
        Assert.That(await StoredAsync(), Is.Zero);
    }

    private static IEnumerable<string> Texts(ApiAnswer answer, string member) => answer[member]!.AsArray().Select(text => text!.ToString());

    private async Task<int> StoredAsync()
    {
        await using var db = _server.Database.Open();
        return await db.JobPasswords.CountAsync();
    }
}
