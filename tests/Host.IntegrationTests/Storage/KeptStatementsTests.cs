using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace ContainerGroups.Host.IntegrationTests.Storage;

/// <summary>Contexts of a pool share connections and statements, one user after another: none may notice but by the time.</summary>
public sealed class KeptStatementsTests
{
    private TestDatabase _database = null!;
    private PooledDbContextFactory<AppDb> _contexts = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var options = new DbContextOptionsBuilder<AppDb>();
        _database.Database.Configure(options, _database.Clock);
        // One context, so that every use meets the one before.
        _contexts = new PooledDbContextFactory<AppDb>(options.Options, poolSize: 1);
    }

    [TearDown]
    public async Task DropAsync() => await _database.DisposeAsync();

    [Test]
    public async Task Connection_StaysOpenBetweenTwoUses()
    {
        await AddAsync("one");
        await using var db = await _contexts.CreateDbContextAsync();

        Assert.That(db.Database.GetDbConnection().State, Is.EqualTo(System.Data.ConnectionState.Open));
    }

    [Test]
    public async Task WhatWasNotCommitted_IsGoneForTheNextUser()
    {
        await using (var db = await _contexts.CreateDbContextAsync())
        {
            await db.Database.BeginTransactionAsync();
            db.InstanceGroups.Add(new InstanceGroup { Name = "left" });
            await db.SaveChangesAsync();
        }

        await AddAsync("after");
        Assert.That(await NamesAsync(_database.Contexts), Does.Contain("after").And.Not.Contain("left"));
    }

    [Test]
    public async Task StatementThatFailed_CanBeUsedAgain()
    {
        await AddAsync("taken");
        Assert.That(async () => await AddAsync("taken"), Throws.InstanceOf<DbUpdateException>());

        await AddAsync("free");

        Assert.That(await NamesAsync(_contexts), Does.Contain("taken").And.Contain("free"));
    }

    [Test]
    public async Task ReaderThatIsLeftInTheMiddle_HoldsUpNobody()
    {
        await AddAsync("one");
        await AddAsync("two");
        await using (var db = await _contexts.CreateDbContextAsync())
        {
            await using var groups = db.InstanceGroups.AsNoTracking().AsAsyncEnumerable().GetAsyncEnumerator();
            await groups.MoveNextAsync();
        }

        await AddAsync("three");
        await using (var db = await _contexts.CreateDbContextAsync())
        {
            // What still reads would keep the log from being folded into the file.
            var busy = await db.Database.SqlQueryRaw<long>("SELECT busy AS Value FROM pragma_wal_checkpoint('TRUNCATE')").ToListAsync();
            Assert.That(busy, Is.All.EqualTo(0));
        }

        Assert.That(await NamesAsync(_contexts), Is.SupersetOf((string[])["one", "two", "three"]));
    }

    [Test]
    public async Task SameStatementTwiceAtATime_EachReadsItsOwnRows()
    {
        await AddAsync("one");
        await AddAsync("two");
        await using var db = await _contexts.CreateDbContextAsync();
        var pairs = new List<(string, string)>();
        await foreach (var outer in db.InstanceGroups.AsNoTracking().OrderBy(row => row.Name).AsAsyncEnumerable())
        {
            await foreach (var inner in db.InstanceGroups.AsNoTracking().OrderBy(row => row.Name).AsAsyncEnumerable())
            {
                pairs.Add((outer.Name, inner.Name));
            }
        }

        var names = await NamesAsync(_database.Contexts);
        Assert.That(pairs, Is.EquivalentTo(names.SelectMany(outer => names.Select(inner => (outer, inner)))));
    }

    [Test]
    public async Task ChangedSchema_IsSeenByAStatementFromBefore()
    {
        const string question = "SELECT COUNT(*) AS Value FROM pragma_table_info('InstanceGroups')";
        await AddAsync("before");
        var columns = await CountAsync(question);
        await NamesAsync(_contexts);

        await using (var other = new SqliteConnection($"Data Source={_database.Database.SqlitePath}"))
        {
            await other.OpenAsync();
            await using var change = other.CreateCommand();
            change.CommandText = "ALTER TABLE \"InstanceGroups\" ADD COLUMN \"Extra\" INTEGER NOT NULL DEFAULT 1";
            await change.ExecuteNonQueryAsync();
        }

        await AddAsync("after");
        Assert.That(await CountAsync(question), Is.EqualTo(columns + 1));
        Assert.That(await NamesAsync(_contexts), Is.SupersetOf((string[])["before", "after"]));
    }

    [Test]
    public async Task MoreStatementsThanAreKept_AllAnswer()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 200; i++)
            {
                Assert.That(await CountAsync($"SELECT {i} AS Value"), Is.EqualTo(i));
            }
        }
    }

    private static async Task<List<string>> NamesAsync(IDbContextFactory<AppDb> contexts)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await db.InstanceGroups.Select(row => row.Name).ToListAsync();
    }

    private async Task AddAsync(string name)
    {
        await using var db = await _contexts.CreateDbContextAsync();
        db.InstanceGroups.Add(new InstanceGroup { Name = name });
        await db.SaveChangesAsync();
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var db = await _contexts.CreateDbContextAsync();
        return (await db.Database.SqlQueryRaw<long>(sql).ToListAsync()).Single();
    }
}
