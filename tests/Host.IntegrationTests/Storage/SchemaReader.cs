using ContainerGroups.Tests.Shared;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Storage;

/// <summary>What a database's own catalogue says of its tables, columns, keys and indexes, without EF's own tables.</summary>
internal static partial class SchemaReader
{
    private const string Sqlite = """
        SELECT m.type || ' ' || m.name || ' ' || coalesce(m.sql, '') AS "Value" FROM sqlite_master m
        WHERE m.name NOT LIKE '\_\_EF%' ESCAPE '\' AND m.tbl_name NOT LIKE '\_\_EF%' ESCAPE '\' AND m.name NOT LIKE 'sqlite%'
        UNION ALL
        SELECT m.name || '.' || c.name || ' ' || c.type || c."notnull" || c.pk || coalesce(c.dflt_value, '') FROM sqlite_master m, pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE '\_\_EF%' ESCAPE '\' AND m.name NOT LIKE 'sqlite%'
        """;

    private const string Postgres = """
        SELECT table_name || '.' || column_name || ' ' || data_type || coalesce(character_maximum_length::text, '') || is_nullable || is_identity || coalesce(column_default, '') AS "Value"
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\_\_EF%'
        UNION ALL
        SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\_\_EF%'
        UNION ALL
        SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '%\_\_EF%'
        """;

    public static async Task<IReadOnlyList<string>> ReadAsync(TestDatabase database)
    {
        await using var db = database.Open();
        var lines = await db.Database.SqlQueryRaw<string>(database.Kind == DatabaseKind.Sqlite ? Sqlite : Postgres).ToListAsync();
        return lines.Select(Normal).Order(StringComparer.Ordinal).ToList();
    }

    // The order of the columns and constraints in SQLite's text follows the way the table was made.
    private static string Normal(string line)
    {
        var parts = Spaces().Replace(line, " ").Split('(', 2);
        return parts.Length == 1 || !line.StartsWith("table ", StringComparison.Ordinal)
            ? Spaces().Replace(line, " ")
            : parts[0] + string.Join(", ", TopLevel().Split(parts[1].TrimEnd(')', ' ')).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@", (?![^(]*\))")]
    private static partial Regex TopLevel();
}
