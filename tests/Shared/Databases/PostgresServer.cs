using System.Diagnostics;
using Npgsql;

namespace ContainerGroups.Tests.Shared;

/// <summary>
/// The PostgreSQL server of the test run: the one that <c>CG_TEST_POSTGRES</c> names (a connection string of a user who may
/// create databases), else one of our own on a socket in a temporary directory, from the binaries installed here.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    // The shell ends the server and removes its files when its input ends: also when the tests are killed.
    private const string Keeper = """
        dir=$1; bin=$2
        trap '' INT
        "$bin/initdb" -D "$dir/data" -U test -A trust -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 || exit 1
        "$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
            -c full_page_writes=off -c max_connections=300 >"$dir/server.log" 2>&1 &
        server=$!
        read -r _
        kill -INT "$server"; wait "$server"
        rm -rf "$dir/data"
        """;

    private readonly Process _keeper;
    private readonly string _directory;

    private PostgresServer(Process keeper, string directory)
    {
        _keeper = keeper;
        _directory = directory;
        ConnectionString = $"Host={directory};Username=test;Database=postgres";
    }

    public string ConnectionString { get; }

    public static async Task<PostgresServer> StartAsync()
    {
        var binaries = FindBinaries() ?? throw new InvalidOperationException(
            "PostgreSQL's server programs were found neither on the PATH nor below /usr/lib/postgresql: install them (package postgresql), "
            + "or name a server in CG_TEST_POSTGRES, or leave these tests out with CG_TEST_POSTGRES=skip.");
        var directory = Directory.CreateTempSubdirectory("cg-pg-").FullName;
        var server = new PostgresServer(Process.Start(Command(binaries, directory))!, directory);
        try
        {
            await Eventually.BeAsync(server.AnswersAsync, "the PostgreSQL server for the tests answers", TimeSpan.FromMinutes(2));
        }
        catch
        {
            server.Dispose();
            throw;
        }

        return server;
    }

    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit(TimeSpan.FromSeconds(30));
        _keeper.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static ProcessStartInfo Command(string binaries, string directory)
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, WorkingDirectory = directory };
        string[] command = ["sh", "-c", Keeper, "postgres-for-tests", directory, binaries];
        if (Environment.UserName == "root")
        {
            // The server refuses to run as root.
            var user = File.ReadLines("/etc/passwd").Any(x => x.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
            using var chown = Process.Start("chown", [user, directory]);
            chown.WaitForExit();
            command = ["setpriv", "--reuid", user, "--clear-groups", .. command];
        }

        start.FileName = command[0];
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static string? FindBinaries()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var packaged = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(x => x, StringComparer.Ordinal).Select(x => Path.Combine(x, "bin"))
            : [];
        return packaged.Concat(path).FirstOrDefault(x => File.Exists(Path.Combine(x, "initdb")) && File.Exists(Path.Combine(x, "postgres")));
    }

    private async Task<bool> AnswersAsync()
    {
        if (_keeper.HasExited)
        {
            var log = Path.Combine(_directory, "initdb.log");
            throw new InvalidOperationException($"PostgreSQL did not start: {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "no log")}");
        }

        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=5");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
