using System.Text.Json;
using System.Text.RegularExpressions;
using ContainerGroups.Host.IntegrationTests.Credentials;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Projects;

/// <summary>Project updates from repositories that ask who is there.</summary>
internal abstract class GitLoginTests
{
    protected const string Username = "somebody";
    protected const string Password = "pa ss'w\"ord$1/für+git";

    protected GitSandbox Git { get; private set; } = null!;

    private ApiServer _server = null!;

    private ApiClient Admin => _server.Admin;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Git = new GitSandbox();
        _server = await ApiServer.StartAsync(DatabaseKind.Sqlite, null, ("Plugins:Directories:1", BuiltInPlugins.Directory));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Git.Dispose();
    }

    /// <summary>Updates a project with a credential of kind scm.</summary>
    protected async Task<(ApiAnswer Update, string Text)> UpdateAsync(string url, object inputs, bool submodules = false)
    {
        var type = (long)(await Admin.GetAsync("credential_types/?namespace=scm")).Json["results"]![0]!["id"]!;
        var name = Guid.NewGuid().ToString("N");
        var credential = await Admin.CreateAsync("credentials/", JsonSerializer.Serialize(new { name, organization = 1, credential_type = type, inputs }));
        var body = new { name, organization = 1, scm_type = "git", scm_url = url, scm_track_submodules = submodules, credential };
        var project = await Admin.CreateAsync("projects/", JsonSerializer.Serialize(body));
        ApiAnswer update = null!;
        await Eventually.BeAsync(
            async () =>
            {
                var updates = await Admin.GetAsync($"projects/{project}/project_updates/");
                return updates["count"]!.GetValue<int>() > 0
                    && (update = await Admin.GetAsync($"project_updates/{(long)updates["results"]![0]!["id"]!}/"))["finished"] is not null;
            },
            "the update has ended");
        return (update, (await Admin.GetAsync((string)update["related"]!["stdout"]! + "?format=txt")).Text);
    }

    /// <summary>Files in which logins were kept.</summary>
    protected IEnumerable<string> LoginsLeft() => Directory.EnumerateFiles(_server.Database.DataPath, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) is "askpass" or "username" or "password" or "passphrase" or "key");
}

[TestFixture]
internal sealed class GitHttpLoginTests : GitLoginTests
{
    [Test]
    public async Task NameAndPassword_OpenARepository_AndShowNowhere()
    {
        var commit = Git.Commit("site.yml", "- hosts: all\n");
        await using var remote = await GitHttpServer.StartAsync(Git, Username, Password);
        var seen = "";
        remote.Visited = () =>
        {
            var (arguments, environments, _) = RunningProcesses.Look();
            seen += arguments + environments;
        };

        var (update, text) = await UpdateAsync(remote.Url, new { username = Username, password = Password });

        Assert.That((string?)update["status"], Is.EqualTo("successful"), text);
        Assert.That((string?)update["scm_revision"], Is.EqualTo(commit));
        Assert.That(text, Does.Contain("remote says ***"));
        Assert.That(seen, Does.Contain(remote.Url).And.Contain("git-remote-http"));
        Assert.That(SecretForms.FoundIn(seen + text + update.Text, [Password]), Is.Empty);
        Assert.That(LoginsLeft(), Is.Empty);
    }

    [Test]
    public async Task AWrongPassword_IsTold_AndShowsNowhere()
    {
        await using var remote = await GitHttpServer.StartAsync(Git, Username, Password);

        var (update, text) = await UpdateAsync(remote.Url, new { username = Username, password = "not the password" });

        Assert.That((string?)update["status"], Is.EqualTo("failed"));
        Assert.That((string?)update["job_explanation"], Does.Contain("Authentication failed"));
        Assert.That(SecretForms.FoundIn(text + update.Text, ["not the password"]), Is.Empty);
    }

    [Test]
    public async Task ThePassword_IsForTheSourceAlone()
    {
        await using var other = await GitHttpServer.StartAsync(Git, Username, Password);
        using var outer = new GitSandbox();
        outer.Commit(".gitmodules", $"[submodule \"s\"]\n\tpath = s\n\turl = {other.Url}\n");
        outer.Run("update-index", "--add", "--cacheinfo", $"160000,{Git.CommitAll()},s");
        outer.Run("commit", "--quiet", "--message", "submodule");
        await using var remote = await GitHttpServer.StartAsync(outer, Username, Password);

        var (update, text) = await UpdateAsync(remote.Url, new { username = Username, password = Password }, submodules: true);

        // The other server would have taken it.
        Assert.That((string?)update["status"], Is.EqualTo("failed"), text);
        Assert.That(remote.Visits, Is.Positive);
        Assert.That(other.Refusals, Is.Positive, text);
        Assert.That(other.Visits, Is.Zero);
    }
}

[TestFixtureSource(typeof(SshServer.WhereInstalled))]
internal sealed partial class GitSshLoginTests : GitLoginTests
{
    private const string Passphrase = "open;'sesame' 99";

    private TemporaryDirectory _keys = null!;

    [GeneratedRegex("IdentityFile='?([^' \0]+)")]
    private static partial Regex IdentityFile();

    [SetUp]
    public void SetUp() => _keys = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _keys.Dispose();

    [TestCase("")]
    [TestCase(Passphrase)]
    public async Task AKey_OpensARepository_AndShowsNowhere(string passphrase)
    {
        var commit = Git.Commit("site.yml", $"- hosts: all # {passphrase.Length}\n");
        var key = SshKeys.Make(_keys.File("key"), passphrase);
        using var server = new SshServer(await File.ReadAllTextAsync(_keys.File("key.pub")), Command(passphrase));
        await server.ListensAsync();
        object inputs = passphrase.Length > 0 ? new { ssh_key_data = key, ssh_key_unlock = passphrase } : new { ssh_key_data = key };

        var updating = UpdateAsync(server.Url(Git.Path), inputs);
        await Eventually.BeAsync(() => File.Exists(_keys.File("visited")) || updating.IsCompleted, "git has logged in");
        var (arguments, environments, _) = RunningProcesses.Look();
        var (mode, content) = KeyOf(arguments);
        await File.WriteAllTextAsync(_keys.File("go"), "");
        var (update, text) = await updating;

        string[] secrets = passphrase.Length > 0 ? [key, passphrase] : [key];
        Assert.That((string?)update["status"], Is.EqualTo("successful"), text);
        Assert.That((string?)update["scm_revision"], Is.EqualTo(commit));
        Assert.That((mode, content), Is.EqualTo((UnixFileMode.UserRead | UnixFileMode.UserWrite, key)));
        Assert.That(text, Does.Contain("remote says ***").Or.Contain("remote says nothing"));
        Assert.That(SecretForms.FoundIn(arguments + environments + text + update.Text, secrets), Is.Empty);
        Assert.That(LoginsLeft(), Is.Empty);
    }

    [Test]
    public async Task AKeyThatIsNotLetIn_IsTold()
    {
        SshKeys.Make(_keys.File("other"), "");
        using var server = new SshServer(await File.ReadAllTextAsync(_keys.File("other.pub")), "exit 1");
        await server.ListensAsync();

        var (update, text) = await UpdateAsync(server.Url(Git.Path), new { ssh_key_data = SshKeys.Make(_keys.File("key"), "") });

        Assert.That((string?)update["status"], Is.EqualTo("failed"), text);
        Assert.That(text, Does.Contain("Permission denied"));
    }

    [Test]
    public async Task WhatTheOtherSideQuotes_IsNotInTheExplanation()
    {
        var key = SshKeys.Make(_keys.File("key"), Passphrase);
        await File.WriteAllTextAsync(_keys.File("said"), $"ERROR: {Passphrase} opens nothing\n");
        using var server = new SshServer(await File.ReadAllTextAsync(_keys.File("key.pub")), $"cat '{_keys.File("said")}' >&2; exit 1");
        await server.ListensAsync();

        var (update, text) = await UpdateAsync(server.Url(Git.Path), new { ssh_key_data = key, ssh_key_unlock = Passphrase });

        Assert.That((string?)update["job_explanation"], Is.EqualTo("git: ERROR: *** opens nothing"));
        Assert.That(SecretForms.FoundIn(update.Text + text, [key, Passphrase]), Is.Empty);
    }

    /// <summary>Waits until the test has looked around, then does what git asks for.</summary>
    private string Command(string passphrase)
    {
        File.WriteAllText(_keys.File("said"), passphrase.Length > 0 ? passphrase : "nothing");
        return $"""
            printf 'remote says ' >&2; cat '{_keys.File("said")}' >&2; echo >&2
            : > '{_keys.File("visited")}'
            while [ ! -e '{_keys.File("go")}' ]; do sleep 0.05; done
            eval "exec $SSH_ORIGINAL_COMMAND"

            """;
    }

    private static (UnixFileMode Mode, string Content) KeyOf(string arguments)
    {
        var file = IdentityFile().Match(arguments).Groups[1].Value;
        Assert.That(file, Is.Not.Empty, arguments);
        return (File.GetUnixFileMode(file), File.ReadAllText(file));
    }
}
