using System.Linq.Expressions;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>A row of a grouped result: as many values as are used, the rest is never read.</summary>
internal sealed class Cells<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15>
{
    public T0 C0 { get; set; } = default!;

    public T1 C1 { get; set; } = default!;

    public T2 C2 { get; set; } = default!;

    public T3 C3 { get; set; } = default!;

    public T4 C4 { get; set; } = default!;

    public T5 C5 { get; set; } = default!;

    public T6 C6 { get; set; } = default!;

    public T7 C7 { get; set; } = default!;

    public T8 C8 { get; set; } = default!;

    public T9 C9 { get; set; } = default!;

    public T10 C10 { get; set; } = default!;

    public T11 C11 { get; set; } = default!;

    public T12 C12 { get; set; } = default!;

    public T13 C13 { get; set; } = default!;

    public T14 C14 { get; set; } = default!;

    public T15 C15 { get; set; } = default!;
}

/// <summary>Makes rows of values, and takes them apart again.</summary>
internal static class CellRow
{
    public const int Most = 16;

    public static MemberInitExpression Of(IReadOnlyList<Expression> values)
    {
        var types = Enumerable.Range(0, Most).Select(i => i < values.Count ? values[i].Type : typeof(object)).ToArray();
        var type = typeof(Cells<,,,,,,,,,,,,,,,>).MakeGenericType(types);
        return Expression.MemberInit(Expression.New(type), values.Select((value, i) => Expression.Bind(type.GetProperty($"C{i}")!, value)));
    }

    public static MemberExpression Cell(Expression row, int index) => Expression.Property(row, $"C{index}");
}
