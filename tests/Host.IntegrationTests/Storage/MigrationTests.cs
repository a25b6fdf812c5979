using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Storage;

public sealed class MigrationTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    [Test]
    public void Model_HasNoChangeWithoutMigration()
    {
        using var db = Open();

        Assert.That(db.Database.HasPendingModelChanges(), Is.False, "Run tools/Migrations; docs/adr tells how.");
    }

    [Test]
    public async Task Migrations_OnEmptyDatabase_GiveTheModelsSchema()
    {
        await using var created = await TestDatabase.CreateAsync(Kind, empty: true);
        await using (var db = created.Open())
        {
            await db.Database.EnsureCreatedAsync();
        }

        var expected = await SchemaReader.ReadAsync(created);

        Assert.That(expected, Has.Count.GreaterThan(200));
        Assert.That(await SchemaReader.ReadAsync(Database), Is.EqualTo(expected));
    }

    [Test]
    public async Task Migrations_RunAgain_ChangeNothing()
    {
        await using var database = await TestDatabase.CreateAsync(Kind);
        var before = await SchemaReader.ReadAsync(database);

        await database.MigrateAsync();

        Assert.That(await SchemaReader.ReadAsync(database), Is.EqualTo(before));
    }

    [Test]
    public async Task Migrations_ByManyAtOnce_RunOnce()
    {
        await using var database = await TestDatabase.CreateAsync(Kind, empty: true);

        await Task.WhenAll(Enumerable.Range(0, Kind == DatabaseKind.Sqlite ? 1 : 6).Select(_ => Task.Run(database.MigrateAsync)));

        Assert.That(await SchemaReader.ReadAsync(database), Is.EqualTo(await SchemaReader.ReadAsync(Database)));
    }

    [Test]
    public async Task Migrations_AfterAKillWhileMigrating_GoOn()
    {
        await using var database = await TestDatabase.CreateAsync(Kind, empty: true);
        await using (var db = database.Open())
        {
            if (Kind == DatabaseKind.Sqlite)
            {
                // What a killed process leaves behind.
                await db.Database.ExecuteSqlRawAsync("CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL)");
                await db.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01 00:00:00')");
            }
        }

        await Eventually.EndAsync(database.MigrateAsync(), "the migration");

        Assert.That(await SchemaReader.ReadAsync(database), Is.EqualTo(await SchemaReader.ReadAsync(Database)));
    }

    [Test]
    public async Task Database_OfANewerVersion_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync(Kind);
        await using (var db = database.Open())
        {
            await db.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0')");
        }

        Assert.That(database.MigrateAsync, Throws.TypeOf<StorageException>().With.Message.Contains("newer version").And.Message.Contains("29990101000000_Later"));
    }
}
