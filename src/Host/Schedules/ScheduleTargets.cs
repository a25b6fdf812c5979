using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Schedules;

/// <summary>What schedules launch, as far as the caller sees it: job templates and projects, which have numbers of their own here.</summary>
internal sealed class ScheduleTargets(IReadOnlyDictionary<long, Named> templates, IReadOnlyDictionary<long, Named> projects)
{
    public static Loader<Schedule> Loader { get; } = new(async (page, token) =>
    {
        var templates = page.Rows.Select(row => row.JobTemplateId).OfType<long>().Distinct().ToList();
        var projects = page.Rows.Select(row => row.ProjectId).OfType<long>().Distinct().ToList();
        return new ScheduleTargets(
            await FindAsync(page.Db.JobTemplates.VisibleTo(page.Db, page.Caller).Where(row => templates.Contains(row.Id)), token),
            await FindAsync(page.Db.Projects.VisibleTo(page.Db, page.Caller).Where(row => projects.Contains(row.Id)), token));
    });

    public static string? UrlOf(Schedule row, RowPage page) =>
        row.JobTemplateId is { } template ? page.Catalog.Get<JobTemplate>().UrlOf(template)
        : row.ProjectId is { } project ? page.Catalog.Get<Project>().UrlOf(project)
        : null;

    public object? Summary(Schedule row)
    {
        var (target, kind) = row.JobTemplateId is { } template
            ? (templates.GetValueOrDefault(template), "job")
            : (projects.GetValueOrDefault(row.ProjectId ?? 0), "project_update");
        return target is null ? null : new JsonPart(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", target.Id);
            writer.WriteString("name", target.Name);
            writer.WriteString("description", target.Description);
            writer.WriteString("unified_job_type", kind);
            writer.WriteEndObject();
        });
    }

    private static async Task<Dictionary<long, Named>> FindAsync<T>(IQueryable<T> rows, CancellationToken cancellationToken)
        where T : NamedEntity =>
        await rows.Select(row => new Named(row.Id, row.Name, row.Description)).ToDictionaryAsync(row => row.Id, cancellationToken);
}

/// <summary>What a summary tells of something.</summary>
internal sealed record Named(long Id, string Name, string Description);
