using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Tests.Shared;

/// <summary>A fixture that runs on SQLite and on PostgreSQL, with a database of its own.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public abstract class OnBothDatabases(DatabaseKind kind)
{
    protected DatabaseKind Kind { get; } = kind;

    protected TestDatabase Database { get; private set; } = null!;

    protected FakeClock Clock => Database.Clock;

    protected IDbContextFactory<AppDb> Contexts => Database.Contexts;

    [OneTimeSetUp]
    public async Task CreateDatabaseAsync() => Database = await TestDatabase.CreateAsync(Kind);

    [OneTimeTearDown]
    public async Task DropDatabaseAsync()
    {
        // Null when it could not be made: that failure is the one to read.
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
    }

    protected AppDb Open() => Database.Open();
}
