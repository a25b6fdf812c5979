using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Sqlite.Storage.Internal;
using Npgsql;

namespace ContainerGroups.Host.Storage;

/// <summary>Which database the store is, and how contexts reach it.</summary>
internal sealed class Database : IDisposable
{
    private const string Shape = "Host=…;Database=…;Username=…;Password=… (a value that holds a semicolon stands in double quotes)";

    private readonly string _sqlite = "";

    private Database(string sqlitePath)
    {
        SqlitePath = sqlitePath;
        Description = $"SQLite {sqlitePath}";
        _sqlite = new SqliteConnectionStringBuilder { DataSource = sqlitePath, ForeignKeys = true, Pooling = true }.ConnectionString;
    }

    private Database(NpgsqlConnectionStringBuilder settings)
    {
        Description = $"PostgreSQL {settings.Database ?? settings.Username} at {settings.Host}";
        settings.ApplicationName ??= "containergroups";
        Postgres = NpgsqlDataSource.Create(settings);
    }

    /// <summary>PostgreSQL's connections; null on SQLite.</summary>
    public NpgsqlDataSource? Postgres { get; }

    /// <summary>The file; null on PostgreSQL.</summary>
    public string? SqlitePath { get; }

    /// <summary>For people: no secret in it.</summary>
    public string Description { get; }

    /// <summary>PostgreSQL when <c>ConnectionStrings:Postgres</c> is set, else a SQLite file in the data directory.</summary>
    public static Database From(IConfiguration configuration, string dataDirectory)
    {
        var postgres = configuration.GetConnectionString("Postgres");
        return string.IsNullOrWhiteSpace(postgres) ? OnSqlite(Path.Combine(dataDirectory, "containergroups.db")) : OnPostgres(postgres);
    }

    public static Database OnSqlite(string path) => new(path);

    public static Database OnPostgres(string connectionString)
    {
        try
        {
            return new Database(new NpgsqlConnectionStringBuilder(connectionString));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Npgsql's message may quote a piece of a password that holds a semicolon: it is neither shown nor kept.
            throw new StorageException($"ConnectionStrings:Postgres can't be read; it has to look like {Shape}.");
        }
    }

    public void Configure(DbContextOptionsBuilder options, TimeProvider clock)
    {
        if (Postgres is null)
        {
            options.UseSqlite(_sqlite, sqlite => sqlite.UseQuerySplittingBehavior(QuerySplittingBehavior.SingleQuery));
            options.AddInterceptors(new SqliteSettings(), new KeptStatements());
#pragma warning disable EF1001 // See KeptConnection.
            options.ReplaceService<ISqliteRelationalConnection, KeptConnection>();
#pragma warning restore EF1001
        }
        else
        {
            options.UseNpgsql(Postgres, postgres => postgres.UseQuerySplittingBehavior(QuerySplittingBehavior.SingleQuery));
        }

        options.AddInterceptors(new RowTimes(clock));
        // Whoever calls knows whether an error is one: constraint conflicts and retried faults are daily business.
        options.ConfigureWarnings(w => w.Log(
            (RelationalEventId.CommandExecuted, LogLevel.Debug),
            (RelationalEventId.CommandError, LogLevel.Debug),
            (RelationalEventId.ConnectionError, LogLevel.Debug),
            (RelationalEventId.TransactionError, LogLevel.Debug),
            (CoreEventId.SaveChangesFailed, LogLevel.Debug),
            (CoreEventId.QueryIterationFailed, LogLevel.Debug)));
    }

    public void Dispose()
    {
        if (Postgres is not null)
        {
            Postgres.Dispose();
        }
        else
        {
            // Pooled connections keep the file and its log open; the last one to close folds the log into the file.
            using var connection = new SqliteConnection(_sqlite);
            SqliteConnection.ClearPool(connection);
        }
    }

    public override string ToString() => Description;
}
