using System.Text.Json;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>What tests of credentials ask of a server over and over.</summary>
internal sealed class CredentialApi(ApiClient admin)
{
    /// <summary>The id of a managed type.</summary>
    public async Task<long> TypeAsync(string @namespace) =>
        (long)(await admin.GetAsync($"credential_types/?namespace={@namespace}")).Json["results"]![0]!["id"]!;

    /// <summary>A user's own type that puts its values wherever a type can.</summary>
    public Task<long> MakeTypeAsync() => admin.CreateAsync("credential_types/", $$$"""
        {"name":"custom {{{Guid.NewGuid():N}}}","kind":"cloud",
         "inputs":{"fields":[{"id":"token","label":"Token","secret":true},{"id":"region","label":"Region"}],"required":["token"]},
         "injectors":{"env":{"MY_TOKEN":"{{ token }}","MY_REGION":"{{ region }}","MY_FILE":"{{ tower.filename }}"},
                      "extra_vars":{"nested":{"token":"{{ token }}","path":"{{ tower.filename }}" } },
                      "file":{"template":"key={{ token }}"} } }
        """);

    public Task<long> MakeAsync(long type, object inputs) =>
        admin.CreateAsync("credentials/", JsonSerializer.Serialize(new { name = $"{Guid.NewGuid():N}", organization = 1, credential_type = type, inputs }));

    public async Task<long> MakeAsync(string @namespace, object inputs) => await MakeAsync(await TypeAsync(@namespace), inputs);

    /// <summary>A template of a project's site.yml for this machine, with credentials.</summary>
    public async Task<long> MakeTemplateAsync(long project, IEnumerable<long> credentials, object? more = null)
    {
        var name = $"{Guid.NewGuid():N}";
        var inventory = await admin.CreateAsync("inventories/", JsonSerializer.Serialize(new { name, organization = 1 }));
        await admin.CreateAsync("hosts/", $$"""{"name":"localhost","inventory":{{inventory}},"variables":"ansible_connection: local"}""");
        var body = JsonSerializer.SerializeToNode(more ?? new { })!;
        (body["name"], body["project"], body["inventory"], body["playbook"]) = (name, project, inventory, "site.yml");
        var template = await admin.CreateAsync("job_templates/", body.ToJsonString());
        foreach (var credential in credentials)
        {
            var attached = await admin.PostAsync($"job_templates/{template}/credentials/", $$"""{"id":{{credential}}}""");
            Assert.That((int)attached.Status, Is.EqualTo(204), attached.Text);
        }

        return template;
    }

    /// <summary>A project that is a directory of this machine.</summary>
    public Task<long> MakeManualProjectAsync(string directory) => admin.CreateAsync(
        "projects/", JsonSerializer.Serialize(new { name = $"{Guid.NewGuid():N}", organization = 1, local_path = directory }));

    public async Task<long> LaunchAsync(long template, string body = "{}")
    {
        var launch = await admin.PostAsync($"job_templates/{template}/launch/", body);
        Assert.That((int)launch.Status, Is.EqualTo(201), launch.Text);
        return (long)launch["id"]!;
    }

    /// <summary>Waits for the end of a job, and its text.</summary>
    public async Task<(ApiAnswer Job, string Text)> EndedAsync(long id)
    {
        ApiAnswer job = null!;
        await Eventually.BeAsync(
            async () =>
            {
                job = await admin.GetAsync($"jobs/{id}/");
                return (string?)job["status"] is "successful" or "failed" or "error" or "canceled" && (bool?)job["event_processing_finished"] == true;
            },
            $"job {id} has ended",
            TimeSpan.FromMinutes(1));
        return (job, (await admin.GetAsync($"jobs/{id}/stdout/?format=txt_download")).Text);
    }
}
