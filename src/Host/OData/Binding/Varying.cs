using System.Globalization;
using System.Linq.Expressions;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>Values that change from one run of a query to the next. Their parameters are found again by the names that they get of these members.</summary>
internal static class Varying
{
    public const string Below = nameof(Place<>.Below);

    private static readonly string[] Places = [nameof(Place<>.BehindA), nameof(Place<>.BehindB), nameof(Place<>.BehindC), nameof(Place<>.BehindD)];

    /// <summary>How many values of the row that a page begins behind have a name.</summary>
    public static int Most => Places.Length;

    public static string NameOf(int place) => Places[place];

    /// <summary>One of the values of the row that a page begins behind.</summary>
    public static Expression Behind(object value, int place) => place < Most ? Member(value, NameOf(place)) : Literal.Of(value, value.GetType());

    /// <summary>The keys of the rows that others are read below.</summary>
    public static Expression KeysAbove(List<long> keys) => Member(keys, Below);

    /// <summary>Whether a parameter is that of a name, which gets a number when there are several.</summary>
    public static bool Is(string parameter, string name)
    {
        var bare = parameter.AsSpan().TrimStart('@');
        return bare.StartsWith(name, StringComparison.Ordinal)
            && (bare.Length == name.Length || int.TryParse(bare[name.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }

    private static MemberExpression Member(object value, string name)
    {
        var type = typeof(Place<>).MakeGenericType(value.GetType());
        return Expression.Property(Expression.Constant(Activator.CreateInstance(type, value), type), name);
    }

    private sealed class Place<T>(T value)
    {
        public T BehindA => value;

        public T BehindB => value;

        public T BehindC => value;

        public T BehindD => value;

        public T Below => value;
    }
}
