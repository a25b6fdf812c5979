using System.Text.Json;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>A part of a pod that knows who gave it and where in the text it stands. Not changed once it is built, so that trees
/// share their parts.</summary>
internal abstract class PodNode(string origin, TextPlace place)
{
    public string Origin { get; } = origin;

    public TextPlace Place { get; } = place;

    /// <summary>What it is, for messages.</summary>
    public abstract string Description { get; }

    public abstract JsonNode? ToJson();

    /// <summary>Whether it holds nothing below itself: a scalar, an empty mapping or an empty list.</summary>
    public abstract bool IsLeaf { get; }

    public static PodMap Parse(string json, string origin) => (PodMap)From(JsonNode.Parse(json), origin);

    public static PodNode From(JsonNode? json, string origin) => json switch
    {
        JsonObject map => new PodMap(origin, default, map.Select(field => KeyValuePair.Create(field.Key, From(field.Value, origin)))),
        JsonArray list => new PodList(origin, default, [.. list.Select(item => From(item, origin))]),
        null => new PodScalar(origin, default, JsonValueKind.Null, ""),
        _ when json.GetValueKind() == JsonValueKind.String => PodScalar.String(json.GetValue<string>(), origin),
        _ => new PodScalar(origin, default, json.GetValueKind(), json.ToJsonString()),
    };
}

/// <summary>A text, a number, a truth value or null.</summary>
/// <param name="origin">Who gave it.</param>
/// <param name="place">Where it stands.</param>
/// <param name="kind">Its type in JSON.</param>
/// <param name="text">The text of a string as it is; a number as JSON writes it.</param>
internal sealed class PodScalar(string origin, TextPlace place, JsonValueKind kind, string text) : PodNode(origin, place)
{
    public JsonValueKind Kind { get; } = kind;

    public string Text { get; } = text;

    public bool IsNull => Kind == JsonValueKind.Null;

    public override bool IsLeaf => true;

    public override string Description => Kind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True => "the truth value true",
        JsonValueKind.False => "the truth value false",
        JsonValueKind.Number => $"the number {Text}",
        _ => "a text",
    };

    public static PodScalar String(string text, string origin) => new(origin, default, JsonValueKind.String, text);

    public static PodScalar Number(long number, string origin) =>
        new(origin, default, JsonValueKind.Number, number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static PodScalar Null(string origin) => new(origin, default, JsonValueKind.Null, "");

    public bool Equals(PodScalar other) => Kind == other.Kind && Text == other.Text;

    public override JsonNode? ToJson() => Kind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => JsonValue.Create(true),
        JsonValueKind.False => JsonValue.Create(false),
        JsonValueKind.Number => JsonNode.Parse(Text),
        _ => JsonValue.Create(Text),
    };
}

/// <summary>A list.</summary>
internal sealed class PodList(string origin, TextPlace place, IReadOnlyList<PodNode> items) : PodNode(origin, place)
{
    public IReadOnlyList<PodNode> Items { get; } = items;

    public override bool IsLeaf => Items.Count == 0;

    public override string Description => "a list";

    public override JsonNode ToJson() => new JsonArray([.. Items.Select(item => item.ToJson())]);
}
