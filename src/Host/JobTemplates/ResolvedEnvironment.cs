using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.JobTemplates;

/// <summary>The execution environment that a template's job would get: its own, its project's or its organization's; none where the
/// configured image is used.</summary>
internal sealed record ResolvedEnvironment(long Id, string Name, string Description, string Image)
{
    public static Loader<JobTemplate> Loader { get; } = new(async (page, token) => await LoadAsync(page, token));

    public JsonPart Shown => new(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", Id);
        writer.WriteString("name", Name);
        writer.WriteString("description", Description);
        writer.WriteString("image", Image);
        writer.WriteEndObject();
    });

    private static async Task<IReadOnlyDictionary<long, ResolvedEnvironment>> LoadAsync(
        LoadContext<JobTemplate> page, CancellationToken cancellationToken)
    {
        var (db, ids) = (page.Db, page.Rows.Select(row => row.Id).ToList());
        var found = from template in db.JobTemplates
                    where ids.Contains(template.Id)
                    let chosen = template.ExecutionEnvironmentId ?? template.Project!.DefaultEnvironmentId ?? template.Organization!.DefaultEnvironmentId
                    join environment in db.ExecutionEnvironments.VisibleTo(db, page.Caller) on chosen equals environment.Id
                    select new { template.Id, Environment = new ResolvedEnvironment(environment.Id, environment.Name, environment.Description, environment.Image) };
        return await found.ToDictionaryAsync(row => row.Id, row => row.Environment, cancellationToken);
    }
}
