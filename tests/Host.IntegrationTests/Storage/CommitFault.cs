using System.Data.Common;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ContainerGroups.Host.IntegrationTests.Storage;

/// <summary>Loses the connection around the first commit, as a server that restarts does.</summary>
internal sealed class CommitFault(CommitFault.Moment moment) : DbTransactionInterceptor
{
    public enum Moment
    {
        BeforeCommit,
        AfterCommit,
    }

    public bool Happened { get; private set; }

    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (moment == Moment.BeforeCommit && !Happened)
        {
            Happened = true;
            await EndSessionAsync((NpgsqlConnection)transaction.Connection!, eventData.Context!);
        }

        return result;
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (moment == Moment.AfterCommit && !Happened)
        {
            Happened = true;
            throw Faults.Transient(DatabaseKind.Postgres);
        }

        return Task.CompletedTask;
    }

    private static async Task EndSessionAsync(NpgsqlConnection victim, DbContext db)
    {
        var settings = new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT pg_terminate_backend({victim.ProcessID}, 5000)", connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>Faults that pass by themselves.</summary>
internal static class Faults
{
    public static Exception Transient(DatabaseKind kind) => kind == DatabaseKind.Sqlite
        ? new SqliteException("database is locked", 5)
        : new NpgsqlException("Exception while reading from stream", new IOException("reset"));

    /// <summary>One whose contexts meet the fault.</summary>
    public static DatabaseRetry Retry(TestDatabase database, CommitFault fault) =>
        new(new Contexts(database, fault), database.Database, TimeProvider.System, NullLogger<DatabaseRetry>.Instance);

    private sealed class Contexts(TestDatabase database, CommitFault fault) : IDbContextFactory<AppDb>
    {
        public AppDb CreateDbContext()
        {
            var options = new DbContextOptionsBuilder<AppDb>().AddInterceptors(fault);
            database.Database.Configure(options, database.Clock);
            return new AppDb((DbContextOptions<AppDb>)options.Options);
        }
    }
}
