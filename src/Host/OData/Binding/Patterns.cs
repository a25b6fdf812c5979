using System.Linq.Expressions;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.OData.Binding;

/// <summary><c>matchesPattern</c>: regular expressions that need no backtracking, so that a query can't keep the server busy.</summary>
internal static class Patterns
{
    public static Expression Bind(Expression text, Expression pattern, ReadContext context)
    {
        if (text.Type != typeof(string) || !Literal.TryRead<string>(pattern, out var asked))
        {
            throw context.NotImplemented("matchesPattern takes a text and a literal pattern.");
        }

        var regex = Checked(asked, context);
        if (context.Db.Database.GetDbConnection() is SqliteConnection sqlite)
        {
            // In place of the mapping's own function, which backtracks.
            var known = context.Patterns;
            known[asked] = regex;
            sqlite.CreateFunction("regexp", (string by, string? value) => value is null ? (bool?)null : known[by].IsMatch(value));
        }

        return Expression.Call(typeof(Regex), nameof(Regex.IsMatch), null, text, pattern);
    }

    private static Regex Checked(string pattern, ReadContext context)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw ODataFault.BadRequest($"The pattern '{pattern}' can't be used: {e.Message}", context.Option);
        }
    }
}
