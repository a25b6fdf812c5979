using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Output;

/// <summary>Deletes entries of the activity stream that are too old, oldest first and in small steps, so that nobody waits long.</summary>
internal sealed class ActivityRetention(
    IDbContextFactory<AppDb> databases, IOptions<RetentionOptions> options, TimeProvider time, ILogger<ActivityRetention> log)
    : RetentionRounds("entries of the activity stream", options, time, log)
{
    private const int EntriesPerStep = 1_000;

    public override async Task<int> DeleteDueAsync(CancellationToken cancellationToken)
    {
        var (deleted, step) = (0, 0);
        if (Options.ActivityDays > 0)
        {
            var oldest = Before(Options.ActivityDays);
            do
            {
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                var due = db.ActivityStream.Where(entry => entry.Timestamp < oldest).OrderBy(entry => entry.Timestamp).Select(entry => entry.Id).Take(EntriesPerStep);
                step = await db.ActivityStream.Where(entry => due.Contains(entry.Id)).ExecuteDeleteAsync(cancellationToken);
                deleted += step;
            }
            while (step == EntriesPerStep);
        }

        return deleted;
    }
}
