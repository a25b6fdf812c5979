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

        Assert.That(db.Database.HasPendingModelChanges(), Is.False, "Run ./dev migration; docs/adr tells how.");
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
    public async Task Database_OfANewerVersion_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync(Kind);
        await using (var db = database.Open())
        {
            await db.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0')");
        }

        Assert.That(database.MigrateAsync, Throws.TypeOf<StorageException>().With.Message.Contains("newer version").And.Message.Contains("29990101000000_Later"));
    }

    [TestCase("DROP TABLE \"JobPhases\"", "JobPhases.", " more of its columns")]
    [TestCase("ALTER TABLE \"JobPhases\" RENAME COLUMN \"Detail\" TO \"Details\"", "JobPhases.Detail", ": it was restored in part")]
    public async Task Database_ThatLacksWhatThisVersionNeeds_IsRefused(string sql, string missing, string also)
    {
        await using var database = await TestDatabase.CreateAsync(Kind);
        await using (var db = database.Open())
        {
            await db.Database.ExecuteSqlRawAsync(sql);
        }

        Assert.That(database.MigrateAsync, Throws.TypeOf<StorageException>().With.Message.Contains(missing).And.Message.Contains(also));
    }
}
