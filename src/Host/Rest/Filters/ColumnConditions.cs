using System.Globalization;
using System.Linq.Expressions;
using System.Text.RegularExpressions;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest.Filters;

/// <summary>Compares one column with the text of a query.</summary>
internal sealed class ColumnConditions(AppDb db)
{
    private readonly bool _lowersAsciiOnly = db.Database.IsSqlite();

    /// <summary>What a query says of a condition that holds or doesn't: any word but a true one is false.</summary>
    public static bool Truth(string value) => Booleans.Read(value) ?? false;

    public Expression Bind(Field field, Expression column, Lookup lookup, string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw ApiException.BadRequest($"The value of {field.Name} holds a null character.");
        }

        return lookup switch
        {
            Lookup.IsNull => IsNull(column, Truth(value)),
            Lookup.Exact => Exact(field, column, value),
            Lookup.In => In(field, column, value),
            Lookup.Gt => Compare(ExpressionType.GreaterThan, field, column, value),
            Lookup.Gte => Compare(ExpressionType.GreaterThanOrEqual, field, column, value),
            Lookup.Lt => Compare(ExpressionType.LessThan, field, column, value),
            Lookup.Lte => Compare(ExpressionType.LessThanOrEqual, field, column, value),
            Lookup.Search => throw ApiException.BadRequest($"Related search is not possible on {field.Name}: it is no relation."),
            _ => Text(field, column, lookup, value),
        };
    }

    private static Expression IsNull(Expression column, bool wanted)
    {
        var nullable = !column.Type.IsValueType || Nullable.GetUnderlyingType(column.Type) is not null;
        Expression isNull = nullable ? Expression.Equal(column, Expression.Constant(null, column.Type)) : Expression.Constant(false);
        return wanted ? isNull : Expression.Not(isNull);
    }

    private static Expression Exact(Field field, Expression column, string value)
    {
        if (field.Reference is not null && value.ToUpperInvariant() is "NONE" or "NULL")
        {
            return IsNull(column, wanted: true);
        }

        var (comparable, literal) = Literal(field, column, value);
        return Expression.Equal(comparable, Predicates.Parameter(literal, comparable.Type));
    }

    private static Expression Compare(ExpressionType comparison, Field field, Expression column, string value)
    {
        var (comparable, literal) = Literal(field, column, value);
        if (comparable.Type == typeof(string))
        {
            var order = Expression.Call(typeof(string), nameof(string.Compare), null, comparable, Predicates.Parameter(literal, typeof(string)));
            return Expression.MakeBinary(comparison, order, Expression.Constant(0));
        }

        var type = Nullable.GetUnderlyingType(comparable.Type) ?? comparable.Type;
        return type == typeof(bool) || type == typeof(Guid)
            ? throw ApiException.BadRequest($"{field.Name} has no order to compare by.")
            : Expression.MakeBinary(comparison, comparable, Predicates.Parameter(literal, comparable.Type));
    }

    private static Expression In(Field field, Expression column, string value)
    {
        var words = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            throw ApiException.BadRequest($"The list of values for {field.Name}__in is empty.");
        }

        var literals = words.Select(word => Literal(field, column, word)).ToList();
        var type = literals[0].Comparable.Type;
        var list = (System.Collections.IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type))!;
        literals.ForEach(literal => list.Add(literal.Value));
        return Expression.Call(
            typeof(Enumerable), nameof(Enumerable.Contains), [type], Predicates.Parameter(list, list.GetType()), literals[0].Comparable);
    }

    private Expression Text(Field field, Expression column, Lookup lookup, string value)
    {
        var type = Nullable.GetUnderlyingType(column.Type) ?? column.Type;
        if (type != typeof(string))
        {
            column = lookup != Lookup.IExact && (type == typeof(int) || type == typeof(long))
                ? Expression.Call(column, column.Type.GetMethod(nameof(ToString), [])!)
                : throw ApiException.BadRequest($"Unsupported lookup '{lookup.ToString().ToLowerInvariant()}' for {field.Name}: it is no text.");
        }

        return lookup switch
        {
            Lookup.Contains => Call(column, nameof(string.Contains), value),
            Lookup.StartsWith => Call(column, nameof(string.StartsWith), value),
            Lookup.EndsWith => Call(column, nameof(string.EndsWith), value),
            Lookup.IContains => Call(Lower(column), nameof(string.Contains), Lower(value)),
            Lookup.IStartsWith => Call(Lower(column), nameof(string.StartsWith), Lower(value)),
            Lookup.IEndsWith => Call(Lower(column), nameof(string.EndsWith), Lower(value)),
            Lookup.IExact => Expression.Equal(Lower(column), Predicates.Parameter(Lower(value), typeof(string))),
            Lookup.Regex => Matches(field, column, value, ignoreCase: false),
            Lookup.IRegex => Matches(field, column, value, ignoreCase: true),
            _ => throw new ArgumentOutOfRangeException(nameof(lookup), lookup, null),
        };
    }

    private MethodCallExpression Matches(Field field, Expression column, string pattern, bool ignoreCase)
    {
        Check(field, pattern);
        var parameter = Predicates.Parameter(pattern, typeof(string));
        if (db.Database.GetDbConnection() is not SqliteConnection sqlite)
        {
            var options = Expression.Constant(ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            return Expression.Call(typeof(Regex), nameof(Regex.IsMatch), null, column, parameter, options);
        }

        // In place of EF's own function, which backtracks: a query must not keep the server busy.
        sqlite.CreateFunction("regexp", (string asked, string? text) =>
            text is not null && Regex.IsMatch(text, asked, RegexOptions.NonBacktracking));
        return Expression.Call(
            typeof(Regex), nameof(Regex.IsMatch), null, column,
            ignoreCase ? Predicates.Parameter("(?i)" + pattern, typeof(string)) : parameter);
    }

    private static void Check(Field field, string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw ApiException.BadRequest($"The regular expression for {field.Name} can't be used: {e.Message}");
        }
    }

    private static MethodCallExpression Call(Expression column, string method, string value) => Expression.Call(
        column, typeof(string).GetMethod(method, [typeof(string)])!, Predicates.Parameter(value, typeof(string)));

    private static MethodCallExpression Lower(Expression column) =>
        Expression.Call(column, typeof(string).GetMethod(nameof(string.ToLower), [])!);

    /// <summary>What the database's own <c>lower</c> makes of a text: both sides must be lowered alike.</summary>
    private string Lower(string value) => _lowersAsciiOnly
        ? string.Create(value.Length, value, (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
            }
        })
        : value.ToLowerInvariant();

    /// <summary>The column as it is compared, and the value of the same type.</summary>
    private static (Expression Comparable, object Value) Literal(Field field, Expression column, string text)
    {
        var type = Nullable.GetUnderlyingType(column.Type) ?? column.Type;
        if (type == typeof(string))
        {
            return (column, text);
        }

        if (type == typeof(int))
        {
            // A number beyond the column's range matches nothing; it is no error.
            var wide = column.Type == typeof(int) ? typeof(long) : typeof(long?);
            return (Expression.Convert(column, wide), WholeNumber(field, text));
        }

        object value = type switch
        {
            _ when type == typeof(long) => WholeNumber(field, text),
            _ when type == typeof(bool) => Truth(text),
            _ when type == typeof(DateTime) => Moments.Read(text)
                ?? throw ApiException.BadRequest($"'{text}' is no moment: {field.Name} takes ISO 8601, such as 2026-01-31T23:59:59Z."),
            _ when type == typeof(Guid) => Guid.TryParse(text, out var id) ? id : throw ApiException.BadRequest($"'{text}' is not a valid UUID."),
            _ when type == typeof(double) => Number(field, text),
            _ when type == typeof(decimal) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw NotANumber(field, text),
            _ => throw ApiException.BadRequest($"Filtering on {field.Name} is not possible."),
        };
        return (column, value);
    }

    private static long WholeNumber(Field field, string text) =>
        long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw (field.Reference is null ? NotANumber(field, text) : ApiException.BadRequest($"Invalid {field.Name} id: {text}"));

    private static double Number(Field field, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw NotANumber(field, text);

    private static ApiException NotANumber(Field field, string text) =>
        ApiException.BadRequest($"Field '{field.Name}' expected a number but got '{text}'.");
}
