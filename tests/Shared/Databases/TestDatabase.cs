using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Tests.Shared;

/// <summary>A migrated database of a fixture's (or a test's) own, with a data directory beside it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Func<ValueTask> _drop;

    private TestDatabase(DatabaseKind kind, string? postgres, FakeClock clock, Func<ValueTask> drop)
    {
        Kind = kind;
        Clock = clock;
        _drop = drop;
        DataPath = _directory.File("data");
        Directory.CreateDirectory(DataPath);
        Settings = new Dictionary<string, string?> { ["Data"] = DataPath, ["ConnectionStrings:Postgres"] = postgres };
        Configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();
        Database = Database.From(Configuration, DataPath);
        Contexts = new Factory(Database, clock);
        // By the real clock: what is repeated here would wait for ever by the other.
        Retry = new DatabaseRetry(Contexts, Database, TimeProvider.System, NullLogger<DatabaseRetry>.Instance);
    }

    public DatabaseKind Kind { get; }

    public FakeClock Clock { get; }

    /// <summary>The data directory, not yet held by anybody: a host may be started on it.</summary>
    public string DataPath { get; }

    /// <summary>The configuration that leads a host here.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    public IConfiguration Configuration { get; }

    public IDbContextFactory<AppDb> Contexts { get; }

    internal Database Database { get; }

    internal DatabaseRetry Retry { get; }

    /// <summary>One with the current schema, or an empty one.</summary>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind, FakeClock? clock = null, bool empty = false)
    {
        clock ??= new FakeClock();
        if (kind == DatabaseKind.Postgres)
        {
            var connectionString = await PostgresDatabases.CreateAsync(empty);
            return AtPostgres(connectionString, clock, () => PostgresDatabases.DropAsync(connectionString));
        }

        var database = new TestDatabase(kind, postgres: null, clock, () => ValueTask.CompletedTask);
        if (!empty)
        {
            await database.MigrateAsync();
        }

        return database;
    }

    public AppDb Open() => Contexts.CreateDbContext();

    public async ValueTask DisposeAsync()
    {
        Database.Dispose();
        await _drop();
        _directory.Dispose();
    }

    internal static TestDatabase AtPostgres(string connectionString, FakeClock? clock = null, Func<ValueTask>? drop = null)
        => new(DatabaseKind.Postgres, connectionString, clock ?? new FakeClock(), drop ?? (() => ValueTask.CompletedTask));

    internal Task MigrateAsync() => new DatabaseMigration(Contexts, Database).RunAsync(CancellationToken.None);

    private sealed class Factory(Database database, FakeClock clock) : IDbContextFactory<AppDb>
    {
        private readonly DbContextOptions<AppDb> _options = Options(database, clock);

        public AppDb CreateDbContext() => new(_options);

        private static DbContextOptions<AppDb> Options(Database database, FakeClock clock)
        {
            var options = new DbContextOptionsBuilder<AppDb>();
            database.Configure(options, clock);
            return options.Options;
        }
    }
}
