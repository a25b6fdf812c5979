using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Labels;

/// <summary>Deletes labels with the last thing that they were on, as AWX does. One that was never on anything stays.</summary>
internal static class UnusedLabels
{
    /// <summary>Deletes a label that is on nothing.</summary>
    public static Task DeleteAsync(AppDb db, long id, CancellationToken cancellationToken) => db.Labels
        .Where(label => label.Id == id && !label.JobTemplates.Any() && !label.Jobs.Any())
        .ExecuteDeleteAsync(cancellationToken);

    /// <summary>Deletes the labels that only this template has, which is about to go itself.</summary>
    public static Task DeleteWithTemplateAsync(AppDb db, long templateId, CancellationToken cancellationToken) => db.Labels
        .Where(label => label.JobTemplates.Any(place => place.JobTemplateId == templateId)
            && label.JobTemplates.All(place => place.JobTemplateId == templateId) && !label.Jobs.Any())
        .ExecuteDeleteAsync(cancellationToken);

    /// <summary>Deletes the labels that only this job has, which is about to go itself.</summary>
    public static Task DeleteWithJobAsync(AppDb db, long jobId, CancellationToken cancellationToken) => db.Labels
        .Where(label => label.Jobs.Any(place => place.JobId == jobId)
            && label.Jobs.All(place => place.JobId == jobId) && !label.JobTemplates.Any())
        .ExecuteDeleteAsync(cancellationToken);
}
