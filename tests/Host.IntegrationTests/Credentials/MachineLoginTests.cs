using ContainerGroups.Host.IntegrationTests.Projects;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>Playbooks that log in to a real SSH server with a machine credential.</summary>
[TestFixtureSource(typeof(SshServer.WhereInstalled))]
internal sealed class MachineLoginTests
{
    private const string Passphrase = "open;'sesame' 99";

    private TemporaryDirectory _files = null!;
    private ApiServer _server = null!;
    private CredentialApi _credentials = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _files = new TemporaryDirectory();
        _server = await ApiServer.StartAsync(
            DatabaseKind.Sqlite, null, ("Plugins:Directories:1", BuiltInPlugins.Directory), ("Projects:Root", _files.Path));
        _credentials = new CredentialApi(_server.Admin);
        Directory.CreateDirectory(_files.File("logins"));
        SshKeys.Make(_files.File("authority"), "");
        SshKeys.Make(_files.File("plain"), "");
        SshKeys.Make(_files.File("locked"), Passphrase);
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
    public async Task AnEncryptedKey_LogsIn()
    {
        var (status, text) = await RunAsync(Read("locked.pub"), new { ssh_key_data = Read("locked"), ssh_key_unlock = Passphrase });

        Assert.That(status, Is.EqualTo("successful"), text);
        Assert.That(SecretForms.FoundIn(text, [Read("locked"), Passphrase]), Is.Empty);
    }

    [Test]
    public async Task AWrongPassphrase_EndsTheJob_AndIsTold()
    {
        var (status, text) = await RunAsync(Read("locked.pub"), new { ssh_key_data = Read("locked"), ssh_key_unlock = "not the passphrase" });

        Assert.That(status, Is.EqualTo("failed"), text);
        Assert.That(text, Does.Contain("The private key of the machine credential could not be loaded"));
    }

    [TestCase("plain")]
    [TestCase("locked")]
    public async Task AKeyWithASignedCertificate_LogsIn_WhereTheAuthorityIsTrusted(string key)
    {
        var trusted = $"cert-authority {Read("authority.pub")}";
        var certificate = SshKeys.Sign(_files.File("authority"), _files.File(key), Environment.UserName);
        object inputs = key == "locked"
            ? new { ssh_key_data = Read(key), ssh_key_unlock = Passphrase, ssh_public_key_data = certificate }
            : new { ssh_key_data = Read(key), ssh_public_key_data = certificate };

        var (status, text) = await RunAsync(trusted, inputs);

        Assert.That(status, Is.EqualTo("successful"), text);
        Assert.That(SecretForms.FoundIn(text, [Read(key), Passphrase, certificate.Trim()]), Is.Empty);
    }

    [Test]
    public async Task AKeyWithoutItsCertificate_IsNotLetIn()
    {
        var (status, text) = await RunAsync($"cert-authority {Read("authority.pub")}", new { ssh_key_data = Read("plain") });

        Assert.That(status, Is.EqualTo("failed"), text);
        Assert.That(text, Does.Contain("Permission denied"));
    }

    /// <summary>Runs a playbook on a server that lets in what is said to it.</summary>
    private async Task<(string? Status, string Text)> RunAsync(string authorized, object inputs)
    {
        using var server = new SshServer(authorized, "eval \"exec $SSH_ORIGINAL_COMMAND\"\n");
        await server.ListensAsync();
        var marker = Guid.NewGuid().ToString("N");
        await File.WriteAllTextAsync(_files.File("logins/site.yml"), $$$"""
            - hosts: all
              gather_facts: false
              vars:
                ansible_connection: ssh
                ansible_host: 127.0.0.1
                ansible_port: {{{server.Port}}}
                ansible_user: {{{Environment.UserName}}}
              tasks:
                - ansible.builtin.raw: echo {{{marker}}}
                - ansible.builtin.debug:
                    msg: "{{ lookup('pipe', 'ssh-add -L') }}"

            """.ReplaceLineEndings("\n"));
        var template = await _credentials.MakeTemplateAsync(
            await _credentials.MakeManualProjectAsync("logins"), [await _credentials.MakeAsync("ssh", inputs)], new { verbosity = 1 });
        var (job, text) = await _credentials.EndedAsync(await _credentials.LaunchAsync(template));
        Assert.That((string?)job["status"] != "successful" || text.Contains(marker, StringComparison.Ordinal), text);
        return ((string?)job["status"], text);
    }

    private string Read(string file) => File.ReadAllText(_files.File(file));
}
