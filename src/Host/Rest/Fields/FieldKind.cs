namespace ContainerGroups.Host.Rest.Fields;

/// <summary>How a field's value looks in JSON, how it is read from a body, and what <c>OPTIONS</c> calls it.</summary>
internal enum FieldKind
{
    String,
    Integer,
    Boolean,
    Float,

    /// <summary>A number that travels as a string, as AWX's decimals do.</summary>
    Decimal,
    DateTime,
    Choice,

    /// <summary>A foreign key.</summary>
    Id,

    /// <summary>Any JSON value; the column holds its text.</summary>
    Json,

    /// <summary>A JSON array of strings; the column holds its text.</summary>
    StringList,

    /// <summary><c>related</c> and <c>summary_fields</c>.</summary>
    Object,

    /// <summary>Something computed that has no better name.</summary>
    Computed,
}
