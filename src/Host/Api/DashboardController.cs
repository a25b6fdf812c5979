using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Api;

/// <summary><c>/api/v2/dashboard/</c>: how much there is of everything that the caller may see, and how much of it has failed. One statement.</summary>
internal static class DashboardController
{
    private const string Deprecation = "299 awx \"This resource has been deprecated and will be removed in a future release.\"";

    public static async Task ShowAsync(ApiCall call)
    {
        Deprecate(call);
        var counts = await Counts(call.Db, call.Caller).SingleAsync(call.Cancellation);
        await call.AnswerAsync(StatusCodes.Status200OK, writer => Write(writer, counts));
    }

    /// <summary>AWX calls the whole dashboard deprecated, and its clients look for the header.</summary>
    public static void Deprecate(ApiCall call) => call.Http.Response.Headers.Warning = Deprecation;

    private static IQueryable<DashboardCounts> Counts(AppDb db, Caller caller)
    {
        var (inventories, hosts, groups) = (db.Inventories.VisibleTo(db, caller), db.Hosts.VisibleTo(db, caller), db.Groups.VisibleTo(db, caller));
        var (projects, users, organizations) = (db.Projects.VisibleTo(db, caller), db.Users.VisibleTo(db, caller), db.Organizations.VisibleTo(db, caller));
        var (teams, credentials, templates) = (db.Teams.VisibleTo(db, caller), db.Credentials.VisibleTo(db, caller), db.JobTemplates.VisibleTo(db, caller));
        var git = projects.Where(project => project.ScmType == ScmTypes.Git);
        var archive = projects.Where(project => project.ScmType == ScmTypes.Archive);
        return db.Users.Where(user => user.Id == caller.UserId).Select(_ => new DashboardCounts
        {
            Inventories = inventories.Count(),
            InventoriesWithFailedHosts = inventories.Count(inventory => inventory.Hosts.Any(host => host.HasActiveFailures)),
            Groups = groups.Count(),
            Hosts = hosts.Count(),
            FailedHosts = hosts.Count(host => host.HasActiveFailures),
            Projects = projects.Count(),
            FailedProjects = projects.Count(project => project.LastUpdateFailed),
            GitProjects = git.Count(),
            FailedGitProjects = git.Count(project => project.LastUpdateFailed),
            ArchiveProjects = archive.Count(),
            FailedArchiveProjects = archive.Count(project => project.LastUpdateFailed),
            Users = users.Count(),
            Organizations = organizations.Count(),
            Teams = teams.Count(),
            Credentials = credentials.Count(),
            JobTemplates = templates.Count(),
        });
    }

    private static void Write(Utf8JsonWriter writer, DashboardCounts counts)
    {
        const string failedUpdate = "last_update_failed=True";
        writer.WriteStartObject();
        Open(writer, "related", ("jobs_graph", "/api/v2/dashboard/graphs/jobs/"));
        Open(
            writer, "inventories", ("url", "/api/v2/inventories/"), ("total", counts.Inventories), ("total_with_inventory_source", 0),
            ("job_failed", counts.InventoriesWithFailedHosts), ("inventory_failed", 0));
        writer.WriteStartObject("inventory_sources");
        writer.WriteEndObject();
        Open(writer, "groups", ("url", "/api/v2/groups/"), ("total", counts.Groups), ("inventory_failed", 0));
        WithFailures(writer, "hosts", "/api/v2/hosts/", null, "has_active_failures=True", counts.Hosts, counts.FailedHosts);
        WithFailures(writer, "projects", "/api/v2/projects/", null, failedUpdate, counts.Projects, counts.FailedProjects);
        writer.WriteStartObject("scm_types");
        Scm("git", "Git", counts.GitProjects, counts.FailedGitProjects);
        Scm("svn", "Subversion", 0, 0);
        Scm("archive", "Remote Archive", counts.ArchiveProjects, counts.FailedArchiveProjects);
        writer.WriteEndObject();
        Total("users", counts.Users);
        Total("organizations", counts.Organizations);
        Total("teams", counts.Teams);
        Total("credentials", counts.Credentials);
        Total("job_templates", counts.JobTemplates);
        writer.WriteEndObject();

        void Scm(string type, string label, int total, int failed) =>
            WithFailures(writer, type, $"/api/v2/projects/?scm_type={type}", label, failedUpdate, total, failed);

        void Total(string name, int total) => Open(writer, name, ("url", $"/api/v2/{name}/"), ("total", total));
    }

    private static void WithFailures(Utf8JsonWriter writer, string name, string url, string? label, string failed, int total, int failures)
    {
        var separator = url.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        (string, object)[] labels = label is null ? [] : [("label", label)];
        Open(writer, name, [("url", url), .. labels, ("failures_url", $"{url}{separator}{failed}"), ("total", total), ("failed", failures)]);
    }

    private static void Open(Utf8JsonWriter writer, string name, params ReadOnlySpan<(string Key, object Value)> members)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in members)
        {
            writer.WritePropertyName(key);
            Rest.Fields.JsonValues.Write(writer, value);
        }

        writer.WriteEndObject();
    }
}
