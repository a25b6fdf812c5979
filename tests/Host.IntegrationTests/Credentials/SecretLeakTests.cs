using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ContainerGroups.Host.IntegrationTests.Projects;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>A job with a credential of each type: it gets what is meant for it, and nobody else gets to see any of it.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class SecretLeakTests(DatabaseKind kind)
{
    private const string Password = "pa ss'w\"ord$1-für-ssh";
    private const string Become = "become;{{ no_template }}&more";
    private const string Vault = "vault-Password-77!";
    private const string Token = "token/with+signs=and%percent";
    private const string Cluster = "eyJhbGciOiJSUzI1NiJ9.cluster-token-0123456789";
    private const string Service = "service+key/\"quoted\"<ü>&more";
    private const string Source = "git password/of \"somebody\"";
    private const string Registry = "registry-token+4711/abc";
    private const string Passphrase = "passphrase of the git key";

    private readonly LogLines _log = new();
    private readonly GitSandbox _git = new();
    private readonly TemporaryDirectory _files = new();
    private ApiServer _server = null!;
    private CredentialApi _credentials = null!;
    private string _key = "";
    private string _sourceKey = "";
    private string _authority = "";

    private ApiClient Admin => _server.Admin;

    private IReadOnlyList<string> Secrets =>
        [Password, Become, Vault, Token, Cluster, Service, Source, Registry, Passphrase, _key, _sourceKey, _authority];

    /// <summary>What the program of the job has in its variables, because its credentials put it there.</summary>
    private IEnumerable<string> Injected => [Token, Cluster, Service];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        using var rsa = RSA.Create(2048);
        _key = rsa.ExportRSAPrivateKeyPem() + "\n";
        _sourceKey = SshKeys.Make(_files.File("source_key"), Passphrase);
        _authority = new CertificateRequest("CN=cluster", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1)).ExportCertificatePem() + "\n";
        _server = await ApiServer.StartAsync(
            kind,
            builder =>
            {
                builder.Services.AddSingleton<ILoggerProvider>(_log);
                builder.Logging.SetMinimumLevel(LogLevel.Trace);
            },
            ("Plugins:Directories:1", BuiltInPlugins.Directory));
        _credentials = new CredentialApi(Admin);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _files.Dispose();
        _git.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task AJobWithEveryCredential_GetsThem_AndNobodyElseSeesOne()
    {
        var playbook = await LeakPlaybook.WriteAsync(_files.Path, Vault, Token, Cluster, _authority, Service);
        _git.Commit("site.yml", playbook);
        await using var remote = await GitHttpServer.StartAsync(_git, "somebody", Source);
        var atGit = "";
        remote.Visited = () =>
        {
            var (arguments, environments, _) = RunningProcesses.Look();
            atGit += arguments + environments;
        };
        var (template, tests) = await MakeAllAsync(remote.Url);

        var launched = await _credentials.LaunchAsync(template);
        var running = _credentials.EndedAsync(launched);
        await Eventually.BeAsync(() => File.Exists(_files.File("started")) || running.IsCompleted, "the playbook runs", TimeSpan.FromMinutes(2));
        var seen = RunningProcesses.Look(environment => environment.Contains($"JOB_ID={launched}\0", StringComparison.Ordinal));
        await File.WriteAllTextAsync(_files.File("go"), "");
        var (job, text) = await running;

        Assert.That((string?)job["status"], Is.EqualTo("successful"), job.Text + text);
        Assert.That(job["job_env"]!["MY_TOKEN"]!.ToString(), Is.EqualTo("**********"));
        Assert.That(job["job_env"]!["K8S_AUTH_API_KEY"]!.ToString(), Is.EqualTo("**********"));
        Assert.That(job["job_env"]!["MY_REGION"]!.ToString(), Is.EqualTo("eu-1"));
        Assert.That(text, Does.Contain("plain=" + new string('*', Token.Length)));
        Assert.That(seen.Arguments, Does.Contain("--connection-password-file"));
        Assert.That(seen.Programs, Does.Contain(Token));
        Assert.That(atGit, Does.Contain("git-remote-http"));
        await Eventually.BeAsync(() => !Leftovers().Any(), "the run directory is gone");
        await AssertNothingShownAsync(tests + atGit + seen.Arguments + seen.Environments);
        Assert.That(SecretForms.FoundIn(seen.Programs, Secrets.Except(Injected)), Is.Empty, "variables of the job's own program");
    }

    /// <summary>A credential of each type, and all that uses them.</summary>
    private async Task<(long Template, string Tests)> MakeAllAsync(string url)
    {
        var sourceKey = await _credentials.MakeAsync("scm", new { username = "git", ssh_key_data = _sourceKey, ssh_key_unlock = Passphrase });
        var source = await _credentials.MakeAsync("scm", new { username = "somebody", password = Source });
        var registry = await _credentials.MakeAsync("registry", new { host = "127.0.0.1:1", username = "somebody", password = Registry });
        long[] ofJob =
        [
            await _credentials.MakeAsync(
                "ssh", new { username = "somebody", password = Password, ssh_key_data = _key, become_method = "sudo", become_password = Become }),
            await _credentials.MakeAsync("vault", new { vault_password = Vault, vault_id = "prod" }),
            await _credentials.MakeAsync(
                "kubernetes_bearer_token", new { host = "https://127.0.0.1:1", bearer_token = Cluster, ssl_ca_cert = _authority }),
            await _credentials.MakeAsync(await _credentials.MakeTypeAsync(), new { token = Token, region = "eu-1" }),
            .. await MakeServicesAsync(),
        ];
        await AssertEveryTypeIsUsedAsync();

        var tests = new StringBuilder();
        foreach (var credential in ofJob.Concat([sourceKey, source, registry]))
        {
            tests.Append((await Admin.PostAsync($"credentials/{credential}/test/", "{}")).Text);
        }

        var environment = await Admin.CreateAsync(
            "execution_environments/", JsonSerializer.Serialize(new { name = "own", image = "127.0.0.1:1/ee:1", credential = registry }));
        var project = await Admin.CreateAsync(
            "projects/", JsonSerializer.Serialize(new { name = "source", organization = 1, scm_type = "git", scm_url = url, credential = source }));
        await Eventually.BeAsync(
            async () => (string?)(await Admin.GetAsync($"projects/{project}/"))["status"] == "successful", "the project is updated");
        return (await _credentials.MakeTemplateAsync(project, ofJob, new { execution_environment = environment }), tests.ToString());
    }

    /// <summary>Of each type of clouds, network devices and the like: by its schema, with every field that it has.</summary>
    private async Task<List<long>> MakeServicesAsync()
    {
        var made = new List<long>();
        foreach (var type in (await Admin.GetAsync("credential_types/?managed=true&kind__in=cloud,net&page_size=200")).Json["results"]!.AsArray())
        {
            var inputs = type!["inputs"]!["fields"]!.AsArray().Where(field => (string?)field!["id"] != "ssh_key_unlock").ToDictionary(
                field => (string)field!["id"]!,
                object (field) => (string?)field!["type"] == "boolean" ? true : (string?)field["format"] == "ssh_private_key" ? _key : field["secret"] is null ? "shown" : Service);
            made.Add(await _credentials.MakeAsync((long)type["id"]!, inputs));
        }

        return made;
    }

    /// <summary>A type that is added to our plugins has to be added here.</summary>
    private async Task AssertEveryTypeIsUsedAsync()
    {
        var types = (await Admin.GetAsync("credential_types/?managed=true&page_size=200")).Column("id").Order();
        var used = (await Admin.GetAsync("credentials/?page_size=200")).Column("credential_type").ToHashSet();
        Assert.That(types.Where(type => !used.Contains(type)), Is.Empty);
    }

    private IEnumerable<string> Leftovers() => Directory.EnumerateFiles(_server.Database.DataPath, "*", SearchOption.AllDirectories)
        .Where(file => file.Contains("/.containergroups/", StringComparison.Ordinal));

    private async Task AssertNothingShownAsync(string seen)
    {
        var answers = await LeakSearch.AnswersAsync(Admin);
        var database = await DatabaseDump.OfAsync(_server.Database);
        var (arguments, environments, programs) = RunningProcesses.Look();
        Assert.Multiple(() =>
        {
            Assert.That(answers, Has.Length.GreaterThan(10_000));
            Assert.That(SecretForms.FoundIn(seen, Secrets), Is.Empty, "tests of the credentials, and processes of git and the job");
            Assert.That(SecretForms.FoundIn(answers, Secrets), Is.Empty, "API");
            Assert.That(SecretForms.FoundIn(_log.Text, Secrets), Is.Empty, "log");
            Assert.That(SecretForms.FoundIn(database, Secrets), Is.Empty, "database");
            Assert.That(SecretForms.FoundIn(arguments + environments + programs, Secrets), Is.Empty, "processes");
            Assert.That(SecretForms.FoundIn(LeakSearch.Files(_server.Database.DataPath), Secrets), Is.Empty, "files of the data directory");
        });
    }
}
