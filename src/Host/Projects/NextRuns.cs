using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Projects;

/// <summary>When what is scheduled runs next: one statement for the rows of a page.</summary>
internal static class NextRuns
{
    public static Loader<Project> OfProjects { get; } = new(async (page, token) =>
    {
        var ids = page.Rows.Select(row => row.Id).ToList();
        return await LoadAsync(
            page.Db.Schedules.Where(row => row.ProjectId != null && ids.Contains(row.ProjectId.Value)).GroupBy(row => row.ProjectId!.Value), token);
    });

    public static Loader<JobTemplate> OfTemplates { get; } = new(async (page, token) =>
    {
        var ids = page.Rows.Select(row => row.Id).ToList();
        return await LoadAsync(
            page.Db.Schedules.Where(row => row.JobTemplateId != null && ids.Contains(row.JobTemplateId.Value)).GroupBy(row => row.JobTemplateId!.Value), token);
    });

    private static async Task<IReadOnlyDictionary<long, DateTime?>> LoadAsync(IQueryable<IGrouping<long, Schedule>> owners, CancellationToken cancellationToken) =>
        await owners.Select(owner => new { owner.Key, Next = owner.Min(row => row.NextRun) }).ToDictionaryAsync(owner => owner.Key, owner => owner.Next, cancellationToken);
}
