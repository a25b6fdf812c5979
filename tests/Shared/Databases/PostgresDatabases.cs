using Npgsql;

namespace ContainerGroups.Tests.Shared;

/// <summary>Databases on the run's PostgreSQL server, copied from one that was migrated once.</summary>
internal static class PostgresDatabases
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static PostgresServer? _own;
    private static string? _template;

    public static string? Given => Environment.GetEnvironmentVariable("CG_TEST_POSTGRES") is { Length: > 0 } given ? given : null;

    public static async Task<string> CreateAsync(bool empty)
    {
        await Gate.WaitAsync();
        try
        {
            var name = NewName();
            if (empty)
            {
                await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
                return For(name);
            }

            _template ??= await MakeTemplateAsync();
            await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {_template}");
            return For(name);
        }
        finally
        {
            Gate.Release();
        }
    }

    public static async ValueTask DropAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    public static async Task StopAsync()
    {
        if (_template is not null)
        {
            await DropAsync(For(_template));
        }

        _own?.Dispose();
    }

    private static string NewName() => "cg_test_" + Guid.NewGuid().ToString("N");

    private static async Task<string> MakeTemplateAsync()
    {
        var name = NewName();
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
        await using var database = TestDatabase.AtPostgres(For(name));
        await database.MigrateAsync();
        return name;
    }

    private static string For(string database) => new NpgsqlConnectionStringBuilder(Server()) { Database = database, MaxPoolSize = 20 }.ConnectionString;

    private static string Server() => Given ?? _own!.ConnectionString;

    private static async Task ExecuteAsync(string sql)
    {
        if (Given is null)
        {
            _own ??= await PostgresServer.StartAsync();
        }

        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server()) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
