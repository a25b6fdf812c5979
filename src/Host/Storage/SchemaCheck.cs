using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>
/// Whether the store has the tables and columns that the rows of this version go to. The list of migrations alone can't say: a store
/// may have been restored in part, or made by a version before the first release, whose migration was another one.
/// </summary>
internal static class SchemaCheck
{
    private const string SqliteColumns =
        """SELECT t.name || '.' || c.name AS "Value" FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'""";

    private const string PostgresColumns =
        """SELECT table_name || '.' || column_name AS "Value" FROM information_schema.columns WHERE table_schema = current_schema()""";

    /// <exception cref="StorageException">Something is missing; it is named.</exception>
    public static async Task RefuseIncompleteAsync(AppDb db, CancellationToken cancellationToken)
    {
        var query = db.Database.SqlQueryRaw<string>(db.Database.IsNpgsql() ? PostgresColumns : SqliteColumns);
        var there = (await query.ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var missing = db.Model.GetRelationalModel().Tables
            .SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name}"))
            .Where(column => !there.Contains(column)).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            throw new StorageException(
                $"The database lacks {missing[0]}{(missing.Count > 1 ? $" and {missing.Count - 1} more of its columns" : "")}: it was restored in part, "
                + "or made by a version before the first release. Restore a whole backup, or begin with a new store.");
        }
    }
}
