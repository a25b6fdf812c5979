using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace ContainerGroups.Host.Storage;

/// <summary>What databases can tell of moments and the mapping of queries has no name for.</summary>
internal static class SqlMoments
{
    /// <summary>Seconds since 1970, with fractions as fine as the database has them. For queries only.</summary>
    public static double UnixSeconds(DateTime moment) => throw new NotSupportedException($"Only the database knows {nameof(UnixSeconds)} of {moment:O}.");

    public static void Map(ModelBuilder b, bool isSqlite)
    {
        b.HasDbFunction(typeof(SqlMoments).GetMethod(nameof(UnixSeconds))!).HasTranslation(arguments => isSqlite
            ? Call("unixepoch", [arguments[0], new SqlFragmentExpression("'subsec'")])
            : Call("date_part", [new SqlFragmentExpression("'epoch'"), arguments[0]]));
    }

    private static SqlFunctionExpression Call(string function, SqlExpression[] arguments) =>
        new(function, arguments, nullable: true, [.. arguments.Select(argument => argument is not SqlFragmentExpression)], typeof(double), typeMapping: null);
}
