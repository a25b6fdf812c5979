using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Microsoft.OData.Edm;

namespace ContainerGroups.Host.OData.Model;

/// <summary>A property that a client may read, filter and order by.</summary>
internal sealed class EntityProperty
{
    private static readonly Dictionary<Type, EdmPrimitiveTypeKind> Kinds = new()
    {
        [typeof(long)] = EdmPrimitiveTypeKind.Int64,
        [typeof(int)] = EdmPrimitiveTypeKind.Int32,
        [typeof(string)] = EdmPrimitiveTypeKind.String,
        [typeof(bool)] = EdmPrimitiveTypeKind.Boolean,
        [typeof(double)] = EdmPrimitiveTypeKind.Double,
        [typeof(DateTime)] = EdmPrimitiveTypeKind.DateTimeOffset,
        [typeof(Guid)] = EdmPrimitiveTypeKind.Guid,
    };

    private EntityProperty(string name, LambdaExpression value, bool nullable)
    {
        Name = name;
        Value = value;
        Nullable = nullable;
        Kind = KindOf(value.ReturnType);
        EncodedName = JsonEncodedText.Encode(name);
    }

    public string Name { get; }

    public JsonEncodedText EncodedName { get; }

    /// <summary>From a row to the value; the database evaluates it.</summary>
    public LambdaExpression Value { get; }

    public EdmPrimitiveTypeKind Kind { get; }

    public bool Nullable { get; }

    public string Description { get; init; } = "";

    /// <summary>The only values that there are; empty when they are not a short list.</summary>
    public IReadOnlyList<string> AllowedValues { get; init; } = [];

    /// <summary>Whether <c>$search</c> looks into it.</summary>
    public bool IsSearched { get; init; }

    public static EntityProperty Of<TRow, TValue>(
        Expression<Func<TRow, TValue>> value, string? name, string description, IReadOnlyList<string>? allowed, bool isSearched)
    {
        var member = value.Body as MemberExpression;
        name ??= member?.Member.Name ?? throw new ArgumentException("What is not a column needs a name.", nameof(value));
        return new EntityProperty(name, Storable(value), IsNullable(typeof(TValue), member))
        {
            Description = description,
            AllowedValues = allowed ?? [],
            IsSearched = isSearched,
        };
    }

    /// <summary>The type by which a value of this CLR type goes out.</summary>
    public static EdmPrimitiveTypeKind KindOf(Type type) =>
        Kinds.TryGetValue(System.Nullable.GetUnderlyingType(type) ?? type, out var kind)
            ? kind
            : throw new ArgumentException($"Values of type {type.Name} have no place in the service.", nameof(type));

    /// <summary>Decimals are stored as floating-point numbers, and are asked about as such.</summary>
    private static LambdaExpression Storable(LambdaExpression value) => value.ReturnType == typeof(decimal)
        ? Expression.Lambda(Expression.Convert(value.Body, typeof(double)), value.Parameters)
        : value;

    private static bool IsNullable(Type type, MemberExpression? member)
    {
        if (type.IsValueType)
        {
            return System.Nullable.GetUnderlyingType(type) is not null;
        }

        return member?.Member is PropertyInfo property
            && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
    }
}
