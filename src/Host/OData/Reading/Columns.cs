using System.Data.Common;
using System.Globalization;
using System.Linq.Expressions;
using ContainerGroups.Host.OData.Binding;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>Where the database's reader has each value of a row, when every one of them is a column as it is stored.</summary>
internal sealed class Columns
{
    private readonly List<string> _names = [];
    private readonly int[] _ordinals;
    private readonly Type[] _types;

    private Columns(int count)
    {
        _ordinals = new int[count];
        _types = new Type[count];
    }

    public int Count => _ordinals.Length;

    /// <summary>The columns of the values; null when one of them is worked out from others.</summary>
    public static Columns? Of(IReadOnlyList<Expression> values)
    {
        var columns = new Columns(values.Count);
        var known = new Dictionary<string, int>();
        for (var i = 0; i < values.Count; i++)
        {
            if (PathOf(values[i]) is not { Length: > 0 } path)
            {
                return null;
            }

            // The translator asks for a column once, where it comes first.
            if (!known.TryGetValue(path, out columns._ordinals[i]))
            {
                known.Add(path, columns._ordinals[i] = known.Count);
                columns._names.Add(path[(path.LastIndexOf('.') + 1)..]);
            }

            columns._types[i] = Types.Bare(Bare(values[i]).Type);
        }

        return columns;
    }

    public int Ordinal(int cell) => _ordinals[cell];

    /// <summary>The type of a value, when there is one.</summary>
    public Type TypeOf(int cell) => _types[cell];

    /// <summary>Whether these are the reader's columns.</summary>
    public bool Fit(DbDataReader reader) => reader.FieldCount == _names.Count && _names.Index().All(name => IsName(reader.GetName(name.Index), name.Item));

    /// <summary>A name that two tables have comes with a number.</summary>
    private static bool IsName(string found, string name) => found.StartsWith(name, StringComparison.Ordinal)
        && (found.Length == name.Length || int.TryParse(found.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static string? PathOf(Expression value) => Bare(value) switch
    {
        ParameterExpression => "",
        MemberExpression { Expression: { } from } member when PathOf(from) is { } path => $"{path}.{member.Member.Name}",
        _ => null,
    };

    /// <summary>What becomes nullable, or an object, is the same value.</summary>
    private static Expression Bare(Expression value) =>
        value is UnaryExpression { NodeType: ExpressionType.Convert } convert && (value.Type == typeof(object) || Types.Bare(value.Type) == Types.Bare(convert.Operand.Type))
            ? Bare(convert.Operand)
            : value;
}
