using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>Credentials of jobs that are no playbooks, and those that are not complete.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class CredentialJobsTests(DatabaseKind kind)
{
    private const string Token = "token/with+signs=and%percent";

    private ApiServer _server = null!;
    private CredentialApi _credentials = null!;

    private ApiClient Admin => _server.Admin;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ApiServer.StartAsync(kind, null, ("Plugins:Directories:1", BuiltInPlugins.Directory));
        _credentials = new CredentialApi(Admin);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task ACommand_GetsVariablesAndFiles()
    {
        var credential = await _credentials.MakeAsync(await _credentials.MakeTypeAsync(), new { token = Token, region = "eu-1" });
        var digest = Hash(Token);
        var script = $$"""[ "$(printf %s "$MY_TOKEN" | sha256sum | cut -c1-64)" = {{digest}} ] && grep -q '^key=' "$MY_FILE" && [ "$(stat -c %a "$MY_FILE")" = 600 ]""";

        var body = new { name = "command", job_type = "command", command = (string[])["sh", "-c", script], credentials = (long[])[credential] };
        var (job, _) = await _credentials.EndedAsync(await Admin.CreateAsync("jobs/", JsonSerializer.Serialize(body)));

        Assert.That((string?)job["status"], Is.EqualTo("successful"), job.Text);
        Assert.That(SecretForms.FoundIn(job.Text, [Token]), Is.Empty);
    }

    [Test]
    public async Task AMissingRequiredValue_FailsTheJobBeforeItStarts()
    {
        var credential = await _credentials.MakeAsync("kubernetes_bearer_token", new { verify_ssl = true });

        var body = new { name = "command", job_type = "command", command = (string[])["true"], credentials = (long[])[credential] };
        var (job, _) = await _credentials.EndedAsync(await Admin.CreateAsync("jobs/", JsonSerializer.Serialize(body)));

        Assert.That((string?)job["status"], Is.EqualTo("failed"), job.Text);
        Assert.That(
            (string?)job["job_explanation"],
            Is.EqualTo($"Job cannot start because Credential {credential} does not provide one or more required fields (host, bearer_token). "
                + "Task failed pre-start check."));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
