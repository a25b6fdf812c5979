using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.IntegrationTests.Api;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>A job with a credential of each type: it gets them all, and nobody else gets to see any.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class CredentialJobsTests(DatabaseKind kind)
{
    private const string Password = "pa ss'w\"ord$1-für-ssh";
    private const string Become = "become;{{ no_template }}&more";
    private const string Vault = "vault-Password-77!";
    private const string Token = "token/with+signs=and%percent";
    private const string Cluster = "eyJhbGciOiJSUzI1NiJ9.cluster-token-0123456789";

    private readonly LogLines _log = new();
    private TemporaryDirectory _projects = null!;
    private ApiServer _server = null!;
    private string _key = "";
    private string _authority = "";

    private ApiClient Admin => _server.Admin;

    private IReadOnlyList<string> Secrets => [Password, Become, Vault, Token, Cluster, _key, _authority];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _projects = new TemporaryDirectory();
        using var rsa = RSA.Create(2048);
        _key = rsa.ExportRSAPrivateKeyPem() + "\n";
        _authority = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=cluster", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1)).ExportCertificatePem() + "\n";
        _server = await ApiServer.StartAsync(
            kind,
            builder =>
            {
                builder.Services.AddSingleton<ILoggerProvider>(_log);
                builder.Logging.SetMinimumLevel(LogLevel.Trace);
            },
            ("Plugins:Directories:1", BuiltInPlugins.Directory),
            ("Projects:Root", _projects.Path));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _projects.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task APlaybook_GetsEveryCredential_AndNobodyElseSeesOne()
    {
        await WritePlaybookAsync();
        var credentials = await MakeCredentialsAsync();
        var template = await MakeTemplateAsync();
        foreach (var credential in credentials)
        {
            var attached = await Admin.PostAsync($"job_templates/{template}/credentials/", $$"""{"id":{{credential}}}""");
            Assert.That((int)attached.Status, Is.EqualTo(204), attached.Text);
        }

        var launch = await Admin.PostAsync($"job_templates/{template}/launch/", "{}");
        Assert.That((int)launch.Status, Is.EqualTo(201), launch.Text);
        var job = await EndedAsync((long)launch["id"]!);

        var stdout = (await Admin.GetAsync($"jobs/{(long)launch["id"]!}/stdout/?format=txt")).Text;
        Assert.That((string?)job["status"], Is.EqualTo("successful"), job.Text + stdout);
        Assert.That(job["job_env"]!["MY_TOKEN"]!.ToString(), Is.EqualTo("**********"));
        Assert.That(job["job_env"]!["K8S_AUTH_API_KEY"]!.ToString(), Is.EqualTo("**********"));
        Assert.That(job["job_env"]!["MY_REGION"]!.ToString(), Is.EqualTo("eu-1"));
        // What ps printed shows the arguments of all processes while the job ran.
        Assert.That(stdout, Does.Contain("--connection-password-file"));
        await Eventually.BeAsync(() => Leftovers() == 0, "the run directory is gone");
        await AssertNothingShownAsync();
    }

    [Test]
    public async Task ACommand_GetsVariablesAndFiles()
    {
        var type = await MakeTypeAsync();
        var credential = await MakeAsync("c", type, new { token = Token, region = "eu-1" });
        var digest = Hash(Token);
        var script = $$"""[ "$(printf %s "$MY_TOKEN" | sha256sum | cut -c1-64)" = {{digest}} ] && grep -q '^key=' "$MY_FILE" && [ "$(stat -c %a "$MY_FILE")" = 600 ]""";

        var body = new { name = "command", job_type = "command", command = (string[])["sh", "-c", script], credentials = (long[])[credential] };
        var job = await EndedAsync(await Admin.CreateAsync("jobs/", JsonSerializer.Serialize(body)));

        Assert.That((string?)job["status"], Is.EqualTo("successful"), job.Text);
        Assert.That(SecretForms.FoundIn(job.Text, Secrets), Is.Empty);
    }

    [Test]
    public async Task AMissingRequiredValue_FailsTheJobBeforeItStarts()
    {
        var cluster = await TypeAsync("kubernetes_bearer_token");
        var credential = await MakeAsync("incomplete", cluster, new { verify_ssl = true });

        var body = new { name = "command", job_type = "command", command = (string[])["true"], credentials = (long[])[credential] };
        var job = await EndedAsync(await Admin.CreateAsync("jobs/", JsonSerializer.Serialize(body)));

        Assert.That((string?)job["status"], Is.EqualTo("failed"), job.Text);
        Assert.That(
            (string?)job["job_explanation"],
            Is.EqualTo($"Job cannot start because Credential {credential} does not provide one or more required fields (host, bearer_token). "
                + "Task failed pre-start check."));
    }

    private async Task<List<long>> MakeCredentialsAsync()
    {
        var machine = new { username = "somebody", password = Password, ssh_key_data = _key, become_method = "sudo", become_password = Become };
        return
        [
            await MakeAsync("machine", await TypeAsync("ssh"), machine),
            await MakeAsync("vault", await TypeAsync("vault"), new { vault_password = Vault, vault_id = "prod" }),
            await MakeAsync(
                "cluster", await TypeAsync("kubernetes_bearer_token"),
                new { host = "https://127.0.0.1:6443", bearer_token = Cluster, ssl_ca_cert = _authority }),
            await MakeAsync("custom", await MakeTypeAsync(), new { token = Token, region = "eu-1" }),
        ];
    }

    private async Task<long> MakeAsync(string name, long type, object inputs) => await Admin.CreateAsync(
        "credentials/", JsonSerializer.Serialize(new { name = $"{name} {Guid.NewGuid():N}", organization = 1, credential_type = type, inputs }));

    private async Task<long> TypeAsync(string @namespace) =>
        (long)(await Admin.GetAsync($"credential_types/?namespace={@namespace}")).Json["results"]![0]!["id"]!;

    private Task<long> MakeTypeAsync() => Admin.CreateAsync("credential_types/", $$$"""
        {"name":"custom {{{Guid.NewGuid():N}}}","kind":"cloud",
         "inputs":{"fields":[{"id":"token","label":"Token","secret":true},{"id":"region","label":"Region"}],"required":["token"]},
         "injectors":{"env":{"MY_TOKEN":"{{ token }}","MY_REGION":"{{ region }}","MY_FILE":"{{ tower.filename }}"},
                      "extra_vars":{"nested":{"token":"{{ token }}","path":"{{ tower.filename }}" } },
                      "file":{"template":"key={{ token }}"} } }
        """);

    private async Task<long> MakeTemplateAsync()
    {
        var inventory = await Admin.CreateAsync("inventories/", """{"name":"here","organization":1}""");
        await Admin.CreateAsync("hosts/", $$"""{"name":"localhost","inventory":{{inventory}},"variables":"ansible_connection: local"}""");
        var project = await Admin.CreateAsync("projects/", """{"name":"playbooks","organization":1,"local_path":"secrets"}""");
        return await Admin.CreateAsync(
            "job_templates/", $$"""{"name":"t","project":{{project}},"inventory":{{inventory}},"playbook":"site.yml"}""");
    }

    private async Task WritePlaybookAsync()
    {
        var directory = Directory.CreateDirectory(_projects.File("secrets")).FullName;
        var indented = string.Join("\n", (await EncryptAsync("opened")).Split('\n').Select(line => "      " + line));
        await File.WriteAllTextAsync(Path.Combine(directory, "site.yml"), $$$"""
            - hosts: all
              gather_facts: false
              vars:
                sealed: !vault |
            {{{indented}}}
              tasks:
                - ansible.builtin.assert:
                    quiet: true
                    that:
                      - lookup('env', 'MY_TOKEN') | hash('sha256') == '{{{Hash(Token)}}}'
                      - nested.token | hash('sha256') == '{{{Hash(Token)}}}'
                      - lookup('file', nested.path) | hash('sha256') == '{{{Hash("key=" + Token)}}}'
                      - lookup('env', 'MY_FILE') == nested.path
                      - lookup('env', 'K8S_AUTH_API_KEY') | hash('sha256') == '{{{Hash(Cluster)}}}'
                      - lookup('file', lookup('env', 'K8S_AUTH_SSL_CA_CERT'), rstrip=false) | hash('sha256') == '{{{Hash(_authority)}}}'
                      - sealed == 'opened'
                      - lookup('pipe', 'ssh-add -l') is search('RSA')
                - ansible.builtin.command: ps -eww -o args
                  register: processes
                - ansible.builtin.debug:
                    var: processes.stdout
            """.ReplaceLineEndings("\n"));
    }

    /// <summary>As <c>ansible-vault</c> seals it.</summary>
    private async Task<string> EncryptAsync(string text)
    {
        await File.WriteAllTextAsync(_projects.File("vault"), Vault);
        await File.WriteAllTextAsync(_projects.File("plain"), text);
        var start = new ProcessStartInfo("ansible-vault") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["encrypt", "--vault-password-file", _projects.File("vault"), "--output", "-", _projects.File("plain")])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var sealedText = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        File.Delete(_projects.File("vault"));
        return sealedText.Trim();
    }

    private async Task<ApiAnswer> EndedAsync(long id)
    {
        ApiAnswer job = null!;
        await Eventually.BeAsync(
            async () =>
            {
                job = await Admin.GetAsync($"jobs/{id}/");
                return (string?)job["status"] is "successful" or "failed" or "error" or "canceled" && (bool?)job["event_processing_finished"] == true;
            },
            $"job {id} has ended",
            TimeSpan.FromMinutes(3));
        return job;
    }

    private int Leftovers()
    {
        var runs = Directory.EnumerateFiles(_server.Database.DataPath, "*", SearchOption.AllDirectories)
            .Count(file => file.Contains("/.containergroups/", StringComparison.Ordinal) || file.EndsWith("/env/ssh_key", StringComparison.Ordinal));
        return runs;
    }

    private async Task AssertNothingShownAsync()
    {
        var answers = new StringBuilder();
        await CollectAsync("/api/v2/", answers, []);
        Assert.Multiple(async () =>
        {
            Assert.That(answers.Length, Is.GreaterThan(10_000));
            Assert.That(SecretForms.FoundIn(answers.ToString(), Secrets), Is.Empty, "API");
            Assert.That(SecretForms.FoundIn(_log.Text, Secrets), Is.Empty, "log");
            Assert.That(SecretForms.FoundIn(await DatabaseDump.OfAsync(_server.Database), Secrets), Is.Empty, "database");
            Assert.That(SecretForms.FoundIn(Processes(), Secrets), Is.Empty, "processes");
            Assert.That(SecretForms.FoundIn(Files(), Secrets), Is.Empty, "files of the data directory");
        });
    }

    /// <summary>Follows every link that the API gives.</summary>
    private async Task CollectAsync(string path, StringBuilder answers, HashSet<string> seen)
    {
        if (!seen.Add(path))
        {
            return;
        }

        var answer = await Admin.GetAsync(path);
        answers.Append(answer.Text).Append((await Admin.OptionsAsync(path)).Text);
        if (!answer.Text.StartsWith('{'))
        {
            return;
        }

        foreach (var link in Links(answer.Json))
        {
            await CollectAsync(link, answers, seen);
        }
    }

    private static IEnumerable<string> Links(JsonNode? json) => json switch
    {
        JsonObject members => members.SelectMany(member => Links(member.Value)),
        JsonArray items => items.SelectMany(Links),
        JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith("/api/v2/", StringComparison.Ordinal) => [text],
        _ => [],
    };

    /// <summary>Arguments and variables of everything that runs.</summary>
    private static string Processes()
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateDirectories("/proc").SelectMany(process => (string[])[process + "/cmdline", process + "/environ"]))
        {
            try
            {
                text.Append(File.ReadAllText(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended, or was no process.
            }
        }

        return text.ToString();
    }

    private string Files()
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(_server.Database.DataPath, "*", SearchOption.AllDirectories))
        {
            try
            {
                text.Append(File.ReadAllText(file));
            }
            catch (IOException)
            {
                // The lock of the directory.
            }
        }

        return text.ToString();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
