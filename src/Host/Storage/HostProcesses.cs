using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>
/// The living hosts of the installation. A hostname belongs to one process at a time: its row says which, and since when nothing
/// was heard of it. The hosts' clocks should agree to a few seconds.
/// </summary>
internal sealed partial class HostProcesses(
    DatabaseRetry retry, HostIdentity host, DataDirectory directory, TimeProvider clock, ILogger<HostProcesses> logger)
{
    /// <summary>How often a host says that it lives.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>A host that was not heard of for so long counts as gone.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(30);

    private readonly Guid _process = Guid.NewGuid();

    /// <summary>
    /// Takes the hostname for this process. The row of an earlier process is ours when it ran on our data directory, whose lock we
    /// hold; another's is waited for, and refused as soon as it shows that it lives.
    /// </summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        var firstSeen = default(DateTime?);
        var watched = clock.GetTimestamp();
        while (true)
        {
            var other = await FindOtherAsync(cancellationToken);
            if (other is not null && firstSeen is not null && other.LastSeen != firstSeen)
            {
                throw new StorageException(
                    $"Another host named {host.Hostname} is running on this database; give every host a name of its own with --instance.");
            }

            if (other is null || clock.GetElapsedTime(watched) >= SilentAfter || Now() - other.LastSeen >= SilentAfter)
            {
                if (await TakeAsync(other, cancellationToken))
                {
                    return;
                }

                firstSeen = null;
                continue;
            }

            if (firstSeen is null)
            {
                firstSeen = other.LastSeen;
                LogWaiting(host.Hostname, (int)(Now() - other.LastSeen).TotalSeconds, (int)SilentAfter.TotalSeconds);
            }

            await Task.Delay(Period, clock, cancellationToken);
        }
    }

    /// <summary>Says that this process lives.</summary>
    /// <returns>False when another process has the hostname now.</returns>
    public async Task<bool> BeatAsync(CancellationToken cancellationToken)
    {
        var now = Now();
        return await retry.RunInTransactionAsync(
            (db, token) => db.HostProcesses.Where(x => x.Hostname == host.Hostname && x.ProcessId == _process)
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeen, now), token),
            cancellationToken) == 1;
    }

    private Task<HostProcess?> FindOtherAsync(CancellationToken cancellationToken) => retry.ReadAsync(
        (db, token) => db.HostProcesses.AsNoTracking()
            .SingleOrDefaultAsync(x => x.Hostname == host.Hostname && x.DataDirectoryId != directory.Id, token),
        cancellationToken);

    /// <summary>One winner among those who try at once.</summary>
    private Task<bool> TakeAsync(HostProcess? other, CancellationToken cancellationToken)
    {
        var now = Now();
        return retry.RunInTransactionAsync(
            async (db, token) =>
            {
                var taken = await db.HostProcesses
                    .Where(x => x.Hostname == host.Hostname)
                    .Where(x => other == null ? x.DataDirectoryId == directory.Id : x.ProcessId == other.ProcessId && x.LastSeen == other.LastSeen)
                    .ExecuteUpdateAsync(
                        s => s.SetProperty(x => x.ProcessId, _process).SetProperty(x => x.DataDirectoryId, directory.Id)
                            .SetProperty(x => x.StartedAt, now).SetProperty(x => x.LastSeen, now),
                        token);
                return taken > 0 || (other is null && await InsertAsync(db, now, token));
            },
            cancellationToken);
    }

    private async Task<bool> InsertAsync(AppDb db, DateTime now, CancellationToken cancellationToken) => await db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO "HostProcesses" ("Hostname", "ProcessId", "DataDirectoryId", "StartedAt", "LastSeen")
        VALUES ({host.Hostname}, {_process}, {directory.Id}, {now}, {now}) ON CONFLICT ("Hostname") DO NOTHING
        """,
        cancellationToken) == 1;

    [LoggerMessage(1, LogLevel.Information,
        "A host named {Hostname} with another data directory was heard of {Ago} s ago. Whether it still runs shows within {Seconds} s")]
    private partial void LogWaiting(string hostname, int ago, int seconds);

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;
}
