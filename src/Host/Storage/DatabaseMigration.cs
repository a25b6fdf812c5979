using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContainerGroups.Host.Storage;

/// <summary>Brings the schema to this version, one process at a time.</summary>
internal sealed class DatabaseMigration(IDbContextFactory<AppDb> factory, Database database)
{
    /// <summary>Ours among the advisory locks of the database: "cg-migr" as a number.</summary>
    private const long MigrationLock = 0x63672D6D696772;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        if (database.Postgres is { } postgres)
        {
            await OnPostgresAsync(db, postgres, cancellationToken);
        }
        else
        {
            await OnSqliteAsync(db, database.SqlitePath!, cancellationToken);
        }

        await SchemaCheck.RefuseIncompleteAsync(db, cancellationToken);
    }

    private static async Task OnPostgresAsync(AppDb db, NpgsqlDataSource postgres, CancellationToken cancellationToken)
    {
        // EF locks each migration for itself, so that two hosts that start together run the same one twice.
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
        try
        {
            await RefuseNewerAsync(db, cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    private static async Task OnSqliteAsync(AppDb db, string path, CancellationToken cancellationToken)
    {
        CreateForOwner(path);
        await db.Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        await ExecuteAsync(connection, "PRAGMA journal_mode = WAL", cancellationToken);
        if (await LockTableExistsAsync(connection, cancellationToken))
        {
            // We hold the data directory, so the row is of a process that was killed while it migrated; EF would wait for it for ever.
            await ExecuteAsync(connection, "DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
        }

        await RefuseNewerAsync(db, cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>An older program on a newer schema would write rows that the newer one can't read.</summary>
    private static async Task RefuseNewerAsync(AppDb db, CancellationToken cancellationToken)
    {
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = await db.Database.GetAppliedMigrationsAsync(cancellationToken);
        if (applied.FirstOrDefault(x => !known.Contains(x)) is { } unknown)
        {
            throw new StorageException($"The database was made by a newer version (it has the migration {unknown}); start that version, or restore a backup.");
        }
    }

    private static void CreateForOwner(string path)
    {
        // The engine gives the log files beside it the same mode.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var _ = new FileStream(path, options);
    }

    private static async Task<bool> LockTableExistsAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsLock'";
        return await command.ExecuteScalarAsync(cancellationToken) is long and > 0;
    }

    private static async Task ExecuteAsync(System.Data.Common.DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        // Another host's migration may take longer than any timeout.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
