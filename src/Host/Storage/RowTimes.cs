using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ContainerGroups.Host.Storage;

/// <summary>Sets <see cref="Entity.Created"/> and <see cref="Entity.Modified"/> of what is saved.</summary>
internal sealed class RowTimes(TimeProvider clock) : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Stamp(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Stamp(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    private void Stamp(DbContext db)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        // PostgreSQL keeps microseconds: what is answered now has to equal what is read later.
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        foreach (var entry in db.ChangeTracker.Entries<Entity>())
        {
            if (entry.State == EntityState.Added)
            {
                entry.Entity.Created = entry.Entity.Created == default ? now : entry.Entity.Created;
                entry.Entity.Modified = entry.Entity.Modified == default ? now : entry.Entity.Modified;
            }
            else if (entry.State == EntityState.Modified && !entry.Property(x => x.Modified).IsModified)
            {
                entry.Entity.Modified = now;
            }
        }
    }
}
