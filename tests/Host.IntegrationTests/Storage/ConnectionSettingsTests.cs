using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContainerGroups.Host.IntegrationTests.Storage;

public sealed class ConnectionSettingsTests
{
    [TestCase("PRAGMA journal_mode", "wal")]
    [TestCase("PRAGMA synchronous", "1")]
    [TestCase("PRAGMA foreign_keys", "1")]
    [TestCase("PRAGMA busy_timeout", "10000")]
    public async Task Sqlite_EveryConnection_IsSetUp(string question, string answer)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var one = database.Open();
        await using var two = database.Open();

        Assert.That(await AskAsync(one, question), Is.EqualTo(answer));
        Assert.That(await AskAsync(two, question), Is.EqualTo(answer));
    }

    [Test]
    public async Task Sqlite_Files_AreTheOwnersAlone()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var db = database.Open();
        await db.Database.OpenConnectionAsync();
        await db.Installation.CountAsync();

        var files = Directory.GetFiles(database.DataPath, "containergroups.db*");
        Assert.That(files, Has.Length.EqualTo(3));
        Assert.That(files.Select(File.GetUnixFileMode), Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [TestCase("Host=h;Password=s3cret;tail")]
    [TestCase("Host=h;Port=s3cret")]
    [TestCase("postgres://user:s3cret@host/db")]
    public void Postgres_UnreadableConnectionString_IsToldWithoutIt(string connectionString)
    {
        var exception = Assert.Throws<StorageException>(() => Database.OnPostgres(connectionString));

        Assert.That(exception!.Message, Does.Contain("ConnectionStrings:Postgres"));
        Assert.That(exception.ToString(), Does.Not.Contain("s3cret"));
    }

    [Test]
    public void Postgres_Unreachable_IsToldWithoutThePassword()
    {
        using var directory = new TemporaryDirectory();
        using var database = Database.OnPostgres($"Host={directory.Path};Username=u;Password=s3cret;Database=d");

        var exception = Assert.CatchAsync<NpgsqlException>(async () => await database.Postgres!.OpenConnectionAsync());

        Assert.That(exception!.ToString(), Does.Not.Contain("s3cret"));
        Assert.That($"{database}", Does.Not.Contain("s3cret").And.Contain("PostgreSQL d at"));
    }

    private static async Task<string?> AskAsync(AppDb db, string question)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = question;
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
