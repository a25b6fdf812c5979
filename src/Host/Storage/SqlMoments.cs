using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace ContainerGroups.Host.Storage;

/// <summary>What databases can tell of moments and the mapping of queries has no name for.</summary>
internal static class SqlMoments
{
    /// <summary>Seconds since 1970, with fractions as fine as the database has them. For queries only.</summary>
    public static double UnixSeconds(DateTime moment) => throw new NotSupportedException($"Only the database knows {nameof(UnixSeconds)} of {moment:O}.");

    /// <summary>Seconds since the minute began, with fractions as fine as the store has them. For queries only.</summary>
    public static double SecondOfMinute(DateTime moment) =>
        throw new NotSupportedException($"Only the database knows {nameof(SecondOfMinute)} of {moment:O}.");

    /// <summary>Midnight, UTC, of a moment's day. For queries only.</summary>
    public static DateTime Day(DateTime moment) => throw new NotSupportedException($"Only the database knows {nameof(Day)} of {moment:O}.");

    public static void Map(ModelBuilder b, bool isSqlite)
    {
        b.HasDbFunction(typeof(SqlMoments).GetMethod(nameof(UnixSeconds))!).HasTranslation(arguments => isSqlite
            ? Call("unixepoch", [arguments[0], new SqlFragmentExpression("'subsec'")])
            : Call("date_part", [new SqlFragmentExpression("'epoch'"), arguments[0]]));
        // A moment is a text there, which ends with its seconds.
        b.HasDbFunction(typeof(SqlMoments).GetMethod(nameof(SecondOfMinute))!).HasTranslation(arguments => isSqlite
            ? Call("round", [Call("substr", [arguments[0], new SqlFragmentExpression("18")], typeof(DateTime), arguments[0].TypeMapping), new SqlFragmentExpression("7")])
            : Call("date_part", [new SqlFragmentExpression("'second'"), arguments[0]]));
        b.HasDbFunction(typeof(SqlMoments).GetMethod(nameof(Day))!).HasTranslation(arguments => isSqlite
            ? Call("datetime", [arguments[0], new SqlFragmentExpression("'start of day'")], typeof(DateTime))
            : Call("date_trunc", [new SqlFragmentExpression("'day'"), arguments[0], new SqlFragmentExpression("'UTC'")], typeof(DateTime)));
    }

    private static SqlFunctionExpression Call(string function, SqlExpression[] arguments, Type? type = null, RelationalTypeMapping? mapping = null) =>
        new(function, arguments, nullable: true, [.. arguments.Select(argument => argument is not SqlFragmentExpression)], type ?? typeof(double), mapping);
}
