using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.AwxClients;

/// <summary>A morning with AWX's command line against the executable with its own plugins: with a session, and with the token that <c>awx login</c> gives.</summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed partial class AwxCommandLineTests(bool withToken)
{
    private const string Password = "s3cret & safe";

    private const string Playbook = """
        - hosts: all
          gather_facts: false
          tasks:
            - name: Greet
              ansible.builtin.debug:
                msg: "{{ greeting }} {{ item }} of {{ inventory_hostname }}"
              loop: "{{ range(1, 4) | list }}"
        """;

    private TemporaryDirectory _directory = null!;
    private ServerProcess _server = null!;
    private AwxCommandLine _awx = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _directory = new TemporaryDirectory();
        var data = _directory.File("data");
        Directory.CreateDirectory(_directory.File("data/projects/site"));
        await File.WriteAllTextAsync(_directory.File("data/projects/site/site.yml"), Playbook);
        var variables = new Dictionary<string, string>
        {
            ["CG_PLUGINS__DIRECTORIES__0"] = BuiltInPlugins.Directory,
            ["CG_ADMIN_PASSWORD"] = Password,
        };
        _server = ServerProcess.Start(_directory.Path, variables, "serve", "--data", data, "--urls", "https://127.0.0.1:0");
        var address = new Uri((await _server.ServesAsync(data)).Url);
        _awx = new AwxCommandLine(address, withToken ? await LoginAsync(address) : null, Password);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _awx?.Dispose();
        _server?.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task Rows_AreCreatedFoundByNameModifiedAndDeleted()
    {
        var made = await _awx.CreateAsync("teams", ("name", "a team, ünique"), ("organization", "Default"), ("description", "first"));
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);

        Assert.That((await _awx.ListAsync("teams", ("name", "a team, ünique"))).Column("id"), Is.EqualTo(new[] { made["id"]!.ToString() }));
        Assert.That((string?)(await _awx.GetAsync("teams", "a team, ünique"))["description"], Is.EqualTo("first"));

        var changed = await _awx.ModifyAsync("teams", "a team, ünique", ("description", "second"));
        Assert.That((changed.Status, (string?)changed["description"]), Is.EqualTo((HttpStatusCode.OK, "second")), changed.Text);

        var again = await _awx.CreateAsync("teams", ("name", "a team, ünique"), ("organization", "1"));
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.BadRequest), again.Text);
        Assert.That(again.Text, Does.Match(".*already exists.*"), "by these words it knows a duplicate");

        Assert.That((await _awx.DeleteAsync("teams", "a team, ünique")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await _awx.ListAsync("teams", ("name", "a team, ünique"))).Names, Is.Empty);
    }

    [Test]
    public async Task Users_AreFoundByTheirUsernames()
    {
        var made = await _awx.CreateAsync("users", ("username", "carla"), ("password", "p4ss w0rd"), ("is_superuser", "false"));
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);

        var changed = await _awx.ModifyAsync("users", "carla", ("is_system_auditor", "true"));

        Assert.That(((bool?)changed["is_system_auditor"], (bool?)changed["is_superuser"]), Is.EqualTo(((bool?)true, (bool?)false)), changed.Text);
        Assert.That((await _awx.DeleteAsync("users", "carla")).Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task ContainerGroup_IsMadeWithACredential()
    {
        var credential = await _awx.CreateAsync(
            "credentials",
            ("name", "cluster"),
            ("credential_type", "OpenShift or Kubernetes API Bearer Token"),
            ("organization", "Default"),
            ("inputs", """{"host":"https://127.0.0.1:6443","bearer_token":"hidden-from-all","verify_ssl":false}"""));
        Assert.That(credential.Status, Is.EqualTo(HttpStatusCode.Created), credential.Text);
        Assert.That(credential.Text, Does.Not.Contain("hidden-from-all"));

        var group = await _awx.CreateAsync(
            "instance_groups", ("name", "pods"), ("is_container_group", "true"), ("credential", "cluster"), ("max_concurrent_jobs", "5"));

        Assert.That(
            ((bool?)group["is_container_group"], (bool?)group["kubernetes"], (long?)group["credential"]),
            Is.EqualTo(((bool?)true, (bool?)true, (long?)credential["id"])),
            group.Text);
    }

    [Test]
    public async Task Template_IsLaunchedAndMonitored_AndItsStdoutIsTheSame()
    {
        await CreatedAsync("projects", ("name", "site"), ("organization", "Default"), ("local_path", "site"));
        await CreatedAsync("inventory", ("name", "two"), ("organization", "Default"), ("variables", "ansible_connection: local"));
        await CreatedAsync("hosts", ("name", "web1"), ("inventory", "two"));
        await CreatedAsync("hosts", ("name", "web2"), ("inventory", "two"));
        await CreatedAsync(
            "job_templates",
            ("name", "greet"),
            ("project", "site"),
            ("inventory", "two"),
            ("playbook", "site.yml"),
            ("job_type", "run"),
            ("ask_variables_on_launch", "true"));
        await CreatedAsync(
            "credentials", ("name", "login"), ("credential_type", "Machine"), ("organization", "Default"), ("inputs", """{"username":"deploy"}"""));
        var login = (long)(await _awx.GetAsync("credentials", "login"))["id"]!;
        Assert.That((await _awx.AssociateAsync("job_templates", "greet", "credentials", login)).Names, Is.EqualTo(new[] { "login" }));

        var (job, printed, status) = await _awx.LaunchAsync("greet", ("extra_vars", """{"greeting":"Grüße ☃"}"""));

        var stdout = await _awx.StdoutAsync((long)job["id"]!);
        Assert.That(status, Is.EqualTo("successful"), printed);
        Assert.That(stdout, Does.Contain("Grüße ☃ 3 of web2").And.Contain("PLAY RECAP"));
        Assert.That(Lines(printed), Is.EqualTo(Lines(stdout)), "the monitor shows each line once, in order");
        Assert.That((await _awx.ListAsync("jobs", ("status", "successful"))).Column("id"), Does.Contain(job["id"]!.ToString()));
    }

    [Test]
    public async Task Module_IsRunOnAnInventory_AndMonitored()
    {
        await CreatedAsync("inventory", ("name", "here"), ("organization", "Default"), ("variables", "ansible_connection: local"));
        await CreatedAsync("hosts", ("name", "this"), ("inventory", "here"));
        await CreatedAsync(
            "credentials", ("name", "for modules"), ("credential_type", "Machine"), ("organization", "Default"), ("inputs", """{"username":"deploy"}"""));

        var (command, printed, status) = await _awx.RunModuleAsync(
            ("inventory", "here"), ("credential", "for modules"), ("module_name", "ping"), ("diff_mode", "false"));

        var stdout = await _awx.StdoutAsync((long)command["id"]!, "ad_hoc_commands");
        Assert.That(status, Is.EqualTo("successful"), printed);
        Assert.That(stdout, Does.Contain("this | SUCCESS").And.Contain("pong"));
        Assert.That(Lines(printed), Is.EqualTo(Lines(stdout)), "the monitor shows each line once, in order");
        Assert.That((await _awx.ListAsync("ad_hoc_commands", ("module_name", "ping"))).Column("id"), Does.Contain(command["id"]!.ToString()));
        Assert.That((await _awx.DeleteAsync("ad_hoc_commands", command["id"]!.ToString())).Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    private async Task CreatedAsync(string resource, params (string, string)[] options)
    {
        var made = await _awx.CreateAsync(resource, options);
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
    }

    /// <summary><c>awx login</c>: a personal token, asked for at the user's name.</summary>
    private static async Task<string> LoginAsync(Uri address)
    {
        using var program = new TestBrowser(address);
        var made = await program.PostJsonAsync(
            "users/admin/personal_tokens/",
            """{"description":"AWX CLI","application":null,"scope":"write"}""",
            ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}"))}"));
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        return made["token"]!.ToString();
    }

    /// <summary>The monitor ends each event with a line feed of its own: lines are compared, without colors and empty ones.</summary>
    private static string[] Lines(string text) =>
        [.. Colors().Replace(text, "").Split(["\r\n", "\n"], StringSplitOptions.None).Where(line => line.Length > 0)];

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colors();
}
