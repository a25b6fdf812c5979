using System.Text;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>Gathers everything that a server lets out of itself, to look for secrets in it.</summary>
internal static class LeakSearch
{
    /// <summary>Every answer to which the API's own links lead, the texts of everything that has run, and every set of OData.</summary>
    public static async Task<string> AnswersAsync(ApiClient admin)
    {
        var answers = new StringBuilder();
        await CollectAsync(admin, "/api/v2/", answers, []);
        foreach (var kind in new[] { "jobs", "project_updates" })
        {
            foreach (var id in (await admin.GetAsync($"{kind}/?page_size=200")).Column("id"))
            {
                foreach (var format in new[] { "txt_download", "ansi_download", "html", "json", "api" })
                {
                    answers.Append((await admin.GetAsync($"{kind}/{id}/stdout/?format={format}")).Text);
                }
            }
        }

        answers.Append((await admin.GetAsync("/odata/$metadata")).Text);
        foreach (var set in (await admin.GetAsync("/odata/")).Json["value"]!.AsArray())
        {
            var rows = await admin.GetAsync($"/odata/{set!["url"]}?$expand=*");
            Assert.That(rows.Json["value"], Is.Not.Null, rows.Text);
            answers.Append(rows.Text);
        }

        return answers.ToString();
    }

    /// <summary>All files below a directory.</summary>
    public static string Files(string directory)
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
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

    private static async Task CollectAsync(ApiClient admin, string path, StringBuilder answers, HashSet<string> seen)
    {
        if (!seen.Add(path))
        {
            return;
        }

        var answer = await admin.GetAsync(path);
        answers.Append(answer.Text).Append((await admin.OptionsAsync(path)).Text);
        if (!answer.Text.StartsWith('{'))
        {
            return;
        }

        foreach (var link in Links(answer.Json))
        {
            await CollectAsync(admin, link, answers, seen);
        }
    }

    private static IEnumerable<string> Links(JsonNode? json) => json switch
    {
        JsonObject members => members.SelectMany(member => Links(member.Value)),
        JsonArray items => items.SelectMany(Links),
        JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith("/api/v2/", StringComparison.Ordinal) => [text],
        _ => [],
    };
}
