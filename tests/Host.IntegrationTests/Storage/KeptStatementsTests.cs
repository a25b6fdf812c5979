using System.Data;
using System.Data.Common;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Storage;

/// <summary>Kept contexts share connections and statements, one user after another: none may notice but by the time.</summary>
public sealed class KeptStatementsTests
{
    private TestDatabase _database = null!;
    private KeptContexts _contexts = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var options = new DbContextOptionsBuilder<AppDb>();
        _database.Database.Configure(options, _database.Clock);
        _contexts = new KeptContexts(options.Options);
    }

    [TearDown]
    public async Task DropAsync()
    {
        _contexts.Dispose();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task Connection_StaysOpenBetweenTwoUses()
    {
        await AddAsync("one");
        await using var db = await _contexts.CreateDbContextAsync(CancellationToken.None);

        Assert.That(db.Database.GetDbConnection().State, Is.EqualTo(ConnectionState.Open));
    }

    [Test]
    public async Task Disposed_ClosesThemAll()
    {
        await AddAsync("one");
        DbConnection connection;
        await using (var db = await _contexts.CreateDbContextAsync(CancellationToken.None))
        {
            connection = db.Database.GetDbConnection();
        }

        _contexts.Dispose();

        Assert.That(connection.State, Is.EqualTo(ConnectionState.Closed));
    }

    [Test]
    public async Task ContextsThatAreHeldForLong_HaveTheirConnectionOpenOnlyWhileTheyWork()
    {
        await using var db = _database.Open();
        await db.InstanceGroups.CountAsync();

        Assert.That(db.Database.GetDbConnection().State, Is.EqualTo(ConnectionState.Closed));
    }

    [Test]
    public async Task WhatWasNotCommitted_IsGoneForTheNextUser()
    {
        await using (var db = await _contexts.CreateDbContextAsync(CancellationToken.None))
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
        await using (var db = await _contexts.CreateDbContextAsync(CancellationToken.None))
        {
            await using var groups = db.InstanceGroups.AsNoTracking().AsAsyncEnumerable().GetAsyncEnumerator();
            await groups.MoveNextAsync();
        }

        await AddAsync("three");
        // What still reads would keep the log from being folded into the file.
        Assert.That(await OutsideAsync("PRAGMA wal_checkpoint(TRUNCATE)"), Is.EqualTo(0));
        Assert.That(await NamesAsync(_contexts), Is.SupersetOf((string[])["one", "two", "three"]));
    }

    [Test]
    public async Task SameStatementTwiceAtATime_EachReadsItsOwnRows()
    {
        await AddAsync("one");
        await AddAsync("two");
        await using var db = await _contexts.CreateDbContextAsync(CancellationToken.None);
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

        await OutsideAsync("ALTER TABLE \"InstanceGroups\" ADD COLUMN \"Extra\" INTEGER NOT NULL DEFAULT 1");

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
        await using var db = await _contexts.CreateDbContextAsync(CancellationToken.None);
        db.InstanceGroups.Add(new InstanceGroup { Name = name });
        await db.SaveChangesAsync();
    }

    /// <summary>By a connection of its own.</summary>
    private async Task<object?> OutsideAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_database.Database.SqlitePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var db = await _contexts.CreateDbContextAsync(CancellationToken.None);
        return (await db.Database.SqlQueryRaw<long>(sql).ToListAsync()).Single();
    }
}
