using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace ContainerGroups.Host.Storage;

/// <summary>
/// Contexts for those who give them back within moments: between two uses they keep their SQLite connection open (see
/// <see cref="KeptConnection"/>). There are as many as threads work with them at a time. Whoever holds a context for as long as a request takes, or
/// a client follows an output, has one of the other factory, whose connection is open only while it works: there may be thousands.
/// </summary>
/// <param name="options">Those of the other contexts, whose model is then shared.</param>
internal sealed class KeptContexts(DbContextOptions<AppDb> options) : IDbContextFactory<AppDb>, IDisposable
{
    private readonly PooledDbContextFactory<AppDb> _contexts = new(options);

    /// <summary>A pool leaves its contexts' connections to the garbage collector, but the last one that is closed folds the log into the file.</summary>
    private readonly ConcurrentBag<DbConnection> _connections = [];

    public AppDb CreateDbContext() => Keep(_contexts.CreateDbContext());

    public async Task<AppDb> CreateDbContextAsync(CancellationToken cancellationToken) => Keep(await _contexts.CreateDbContextAsync(cancellationToken));

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private AppDb Keep(AppDb db)
    {
        if (db.GetService<IRelationalConnection>() is KeptConnection { IsKept: false } connection)
        {
            connection.IsKept = true;
            _connections.Add(connection.DbConnection);
        }

        return db;
    }
}
