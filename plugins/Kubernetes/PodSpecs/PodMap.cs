using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>A mapping; its fields keep their order.</summary>
internal sealed class PodMap : PodNode
{
    private readonly OrderedDictionary<string, PodNode> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TextPlace> _keyPlaces = new(StringComparer.Ordinal);

    public PodMap(string origin, TextPlace place, IEnumerable<KeyValuePair<string, PodNode>> fields)
        : base(origin, place)
    {
        foreach (var (key, value) in fields)
        {
            _fields[key] = value;
        }
    }

    /// <param name="origin">Who gave it.</param>
    /// <param name="place">Where it begins.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="keyPlaces">Where their keys stand.</param>
    public PodMap(
        string origin, TextPlace place, IEnumerable<KeyValuePair<string, PodNode>> fields, IReadOnlyDictionary<string, TextPlace> keyPlaces)
        : this(origin, place, fields) => _keyPlaces = new Dictionary<string, TextPlace>(keyPlaces, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, PodNode> Fields => _fields;

    public override bool IsLeaf => _fields.Count == 0;

    public override string Description => "a mapping";

    public PodNode? this[string key] => _fields.GetValueOrDefault(key);

    public bool Has(string key) => _fields.ContainsKey(key);

    public bool TryGet(string key, [NotNullWhen(true)] out PodNode? value) => _fields.TryGetValue(key, out value);

    /// <summary>The text of a field; null when there is none, or something else.</summary>
    public string? Text(string key) => this[key] is PodScalar { Kind: JsonValueKind.String } scalar ? scalar.Text : null;

    public PodMap? Map(string key) => this[key] as PodMap;

    public PodList? List(string key) => this[key] as PodList;

    /// <summary>Where a field's key stands; for one that the code added, where the mapping begins.</summary>
    public TextPlace PlaceOf(string key) => _keyPlaces.TryGetValue(key, out var place) ? place : Place;

    /// <summary>The same with one field set.</summary>
    public PodMap With(string key, PodNode value) => new(Origin, Place, _fields, _keyPlaces) { _fields = { [key] = value } };

    /// <summary>The same without some fields.</summary>
    public PodMap Without(Func<string, bool> leaveOut) => new(Origin, Place, _fields.Where(field => !leaveOut(field.Key)), _keyPlaces);

    public override JsonObject ToJson() =>
        new(_fields.Select(field => KeyValuePair.Create(field.Key, field.Value.ToJson())));
}
