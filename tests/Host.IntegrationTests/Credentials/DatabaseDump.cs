using System.Text;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>Everything that a database holds, as text in which a secret would be found.</summary>
internal static class DatabaseDump
{
    public static async Task<string> OfAsync(TestDatabase database)
    {
        if (database.Kind == DatabaseKind.Sqlite)
        {
            // The file, its log and whatever else lies beside it.
            return string.Concat(Directory.EnumerateFiles(database.DataPath, "containergroups.db*").Select(Read));
        }

        await using var db = database.Open();
        var text = new StringBuilder();
        // What is only asked for by a query of its own has no table.
        foreach (var entity in db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct())
        {
#pragma warning disable EF1002 // The names are those of our own tables.
            var rows = await db.Database.SqlQueryRaw<string>($"SELECT t::text AS \"Value\" FROM \"{entity}\" t").ToListAsync();
#pragma warning restore EF1002
            text.AppendJoin('\n', rows);
        }

        return text.ToString();
    }

    private static string Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return Encoding.Latin1.GetString(copy.ToArray()) + Encoding.UTF8.GetString(copy.ToArray());
    }
}
