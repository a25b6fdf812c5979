using ContainerGroups.Host.Storage;
using Microsoft.Data.Sqlite;

namespace ContainerGroups.Host.Tests.Storage;

public sealed class StorageFaultsTests
{
    [Test]
    public void FileOnAFullDisk_IsSeenAsFull()
    {
        // Every write to it fails as on a full disk.
        var fault = Assert.Throws<IOException>(() => File.WriteAllText("/dev/full", "text"));

        Assert.That(StorageFaults.IsFull(new InvalidOperationException("outer", fault)), Is.True);
    }

    [Test]
    public void DatabaseThatMayNotGrow_IsSeenAsFull()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Run(connection, "CREATE TABLE texts (text); PRAGMA max_page_count=2");

        var fault = Assert.Throws<SqliteException>(() => Run(connection, "INSERT INTO texts VALUES (zeroblob(1000000))"));

        Assert.That(StorageFaults.IsFull(fault!), Is.True);
    }

    [Test]
    public void OtherFaults_AreNot()
    {
        Assert.That(StorageFaults.IsFull(new SqliteException("locked", 5)), Is.False);
        Assert.That(StorageFaults.IsFull(new IOException("broken")), Is.False);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
