using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Storage;

/// <summary>PostgreSQL drops its lock with the connection; on SQLite a row stays.</summary>
public sealed class InterruptedMigrationTests
{
    [Test]
    public async Task Migrations_AfterAKillWhileMigrating_GoOn()
    {
        await using var expected = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite, empty: true);
        await using (var db = database.Open())
        {
            await db.Database.ExecuteSqlRawAsync("CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL)");
            await db.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01 00:00:00')");
        }

        await Eventually.EndAsync(database.MigrateAsync(), "the migration");

        Assert.That(await SchemaReader.ReadAsync(database), Is.EqualTo(await SchemaReader.ReadAsync(expected)));
    }
}
