using System.Linq.Expressions;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Labels;

/// <summary>Deletes labels with the last thing that they were on, as AWX does. One that was never on anything stays.</summary>
internal static class UnusedLabels
{
    /// <summary>Looks at no more places than it has to: a label may be on a hundred thousand jobs.</summary>
    private static readonly Expression<Func<Label, bool>> HasOnePlace = label =>
        label.JobTemplates.Take(2).Count() + label.Jobs.Take(2).Count() + label.Inventories.Take(2).Count() + label.Schedules.Take(2).Count() == 1;

    /// <summary>Deletes a label that is on nothing.</summary>
    public static Task DeleteAsync(AppDb db, long id, CancellationToken cancellationToken) => db.Labels
        .Where(label => label.Id == id && !label.JobTemplates.Any() && !label.Jobs.Any() && !label.Inventories.Any() && !label.Schedules.Any())
        .ExecuteDeleteAsync(cancellationToken);

    /// <summary>Deletes the labels that are in these places only, which are about to go: those of one owner.</summary>
    public static Task DeleteWithAsync<TPlace>(AppDb db, IQueryable<TPlace> places, CancellationToken cancellationToken)
        where TPlace : LabelPlace => db.Labels
        .Where(label => places.Any(place => place.LabelId == label.Id)).Where(HasOnePlace)
        .ExecuteDeleteAsync(cancellationToken);

    /// <summary>Deletes the labels that only this job has, which is about to go itself.</summary>
    public static Task DeleteWithJobAsync(AppDb db, long jobId, CancellationToken cancellationToken) =>
        DeleteWithAsync(db, db.JobLabels.Where(place => place.JobId == jobId), cancellationToken);
}
