using System.Linq.Expressions;

namespace ContainerGroups.Host.Rest.Fields;

/// <summary>One field of a resource: its rules, whatever the entity.</summary>
internal abstract class Field
{
    public required string Name { get; init; }

    public required FieldKind Kind { get; set; }

    public string Label { get; set; } = "";

    public string HelpText { get; set; } = "";

    /// <summary>Whether it isn't shown itself: it only feeds links, summaries and filters, or is only written.</summary>
    public bool Hidden { get; set; }

    /// <summary>Whether lists leave it out: it is long, or dear to make.</summary>
    public bool DetailOnly { get; set; }

    /// <summary>Whether clients can't set it. What they send is ignored, as in AWX.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Whether it is set at creation and ignored afterwards.</summary>
    public bool ReadOnlyAfterCreate { get; set; }

    /// <summary>Whether a body that creates has to name it.</summary>
    public bool Required { get; set; }

    public bool AllowBlank { get; set; } = true;

    public bool AllowNull { get; set; }

    /// <summary>What holds when a creating body leaves it out; null for nothing worth telling.</summary>
    public object? Default { get; set; }

    /// <summary>What OPTIONS shows as the default in place of <see cref="Default"/>, as JSON, asked each time; null, or null from it, for none.</summary>
    public Func<string?>? ShownDefault { get; set; }

    public int? MaxLength { get; set; }

    public long? Min { get; set; }

    public long? Max { get; set; }

    /// <summary>Value and label of each value allowed; empty for any.</summary>
    public IReadOnlyList<(string Value, string Label)> Choices { get; set; } = [];

    /// <summary>Those of the choices that a client may set, where that is fewer; null for all.</summary>
    public IReadOnlyList<(string Value, string Label)>? WritableChoices { get; set; }

    /// <summary>What to say to a value that is none of the choices; null for AWX's usual sentence.</summary>
    public string? NoChoice { get; set; }

    public bool Unique { get; set; }

    /// <summary>Entity to column, for filters, order and uniqueness; null for a field that is no column.</summary>
    public LambdaExpression? Column { get; set; }

    /// <summary>Whether filtering on it is refused, so that a secret can't be guessed letter by letter.</summary>
    public bool Sensitive { get; set; }

    /// <summary>Whether the activity stream tells only that it was set.</summary>
    public bool Secret { get; set; }

    /// <summary>What it refers to; null unless <see cref="Kind"/> is <see cref="FieldKind.Id"/>.</summary>
    public ForeignKey? Reference { get; set; }

    /// <summary>The right that whoever sets it needs on the object that it refers to; null when seeing that is enough.</summary>
    public string? Needs { get; set; }

    public bool Filterable => Column is not null;

    public bool Writable(bool creating) => !ReadOnly && (creating || !ReadOnlyAfterCreate);
}

/// <summary>What a foreign key refers to.</summary>
/// <param name="Target">The entity it refers to.</param>
/// <param name="SummaryKeys">The keys of its summary; null for the target resource's own choice.</param>
internal sealed record ForeignKey(Type Target, IReadOnlyList<string>? SummaryKeys = null)
{
    /// <summary>Whether the object appears under <c>summary_fields</c>.</summary>
    public bool InSummary { get; init; } = true;

    /// <summary>Whether the object's URL appears under <c>related</c>.</summary>
    public bool InRelated { get; init; } = true;
}

/// <summary>One field of a resource of entity <typeparamref name="T"/>.</summary>
internal sealed class Field<T> : Field
{
    /// <summary>The value to show: a string, number, bool, moment, <see cref="RawJson"/> or <see cref="JsonPart"/>.</summary>
    public required Func<T, RowPage, object?> Value { get; set; }

    /// <summary>Puts a parsed value into the entity; null for a field that can't be written.</summary>
    public Action<T, object?>? Assign { get; set; }

    /// <summary>The loader whose data the value needs; null for none.</summary>
    public Loader<T>? Loader { get; init; }
}
