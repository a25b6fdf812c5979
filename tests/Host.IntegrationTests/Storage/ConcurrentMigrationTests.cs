using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Storage;

[TestFixtureSource(typeof(DatabaseKinds), nameof(DatabaseKinds.PostgresOnly))]
public sealed class ConcurrentMigrationTests(DatabaseKind kind)
{
    [Test]
    public async Task Migrations_ByManyHostsAtOnce_RunOnce()
    {
        await using var expected = await TestDatabase.CreateAsync(kind);
        await using var database = await TestDatabase.CreateAsync(kind, empty: true);

        await Eventually.EndAsync(Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(database.MigrateAsync))), "the migrations");

        Assert.That(await SchemaReader.ReadAsync(database), Is.EqualTo(await SchemaReader.ReadAsync(expected)));
    }
}
