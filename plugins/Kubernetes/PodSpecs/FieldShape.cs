namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>What a field of a Pod holds.</summary>
internal enum ShapeKind
{
    Any,
    String,
    Integer,
    Boolean,

    /// <summary>An amount such as <c>250m</c>: a text or a number.</summary>
    Quantity,

    /// <summary>A port by number or name.</summary>
    IntegerOrString,

    /// <summary>Named fields.</summary>
    Object,

    /// <summary>Any keys, values of one type.</summary>
    Map,
    List,
}

/// <summary>The type of a field, with the way in which Kubernetes merges it.</summary>
internal sealed class FieldShape(string name, ShapeKind kind)
{
    public static readonly FieldShape Any = new("any", ShapeKind.Any);

    public string Name { get; } = name;

    public ShapeKind Kind { get; } = kind;

    /// <summary>The fields of an object.</summary>
    public Dictionary<string, FieldShape> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>What a list or a map holds.</summary>
    public FieldShape Item { get; init; } = null!;

    /// <summary>Whether a merge keeps a list's old items; else it replaces the list.</summary>
    public bool MergesItems { get; init; }

    /// <summary>The field that tells one item of a merging list from another; null for scalars.</summary>
    public string? MergeKey { get; init; }

    public string Expectation => Kind switch
    {
        ShapeKind.String => "a text",
        ShapeKind.Integer => "a whole number",
        ShapeKind.Boolean => "true or false",
        ShapeKind.Quantity => "an amount such as 250m or 1Gi",
        ShapeKind.IntegerOrString => "a number or a name",
        ShapeKind.List => "a list",
        ShapeKind.Object or ShapeKind.Map => "a mapping",
        _ => "a value",
    };

    /// <summary>The type of what stands below a key.</summary>
    public FieldShape Below(string key) => Kind switch
    {
        ShapeKind.Object => Fields.GetValueOrDefault(key, Any),
        ShapeKind.Map => Item,
        _ => Any,
    };
}
