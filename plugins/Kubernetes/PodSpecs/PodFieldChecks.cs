using System.Globalization;
using System.Text.Json;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Checks an override against the fields that a Pod has. What is surely wrong is an error; a field that nobody knows may be one
/// of a newer Kubernetes, and becomes a warning.</summary>
internal sealed class PodFieldChecks
{
    private readonly List<PodSpecError> _errors = [];
    private readonly List<PodSpecError> _warnings = [];

    /// <summary>The list in which an item without a name is the worker.</summary>
    private static FieldShape Containers => PodShape.Pod.Fields["spec"].Fields["containers"];

    public IReadOnlyList<PodSpecError> Errors => _errors;

    public IReadOnlyList<PodSpecError> Warnings => _warnings;

    public static PodFieldChecks Of(PodMap pod)
    {
        var checks = new PodFieldChecks();
        checks.CheckKind(pod);
        checks.Check(pod, PodShape.Pod, FieldPath.Root);
        return checks;
    }

    private void CheckKind(PodMap pod)
    {
        if (pod.Text("kind") is { } kind && kind != "Pod")
        {
            Add(pod["kind"]!.Place, "kind", $"Only a Pod can be given, kind: Pod; this is a {kind}.");
        }

        if (pod.Text("apiVersion") is { } version && version != "v1")
        {
            Add(pod["apiVersion"]!.Place, "apiVersion", $"A Pod's apiVersion is v1; this is {version}.");
        }
    }

    private void Check(PodNode node, FieldShape shape, string path)
    {
        if (node is PodScalar { IsNull: true } || shape.Kind == ShapeKind.Any)
        {
            return;
        }

        switch (node)
        {
            case PodMap map when shape.Kind is ShapeKind.Object or ShapeKind.Map:
                CheckFields(map, shape, path);
                break;
            case PodList list when shape.Kind == ShapeKind.List:
                CheckItems(list, shape, path);
                break;
            case PodScalar scalar when Fits(scalar, shape.Kind):
                break;
            default:
                AddWrongType(node, shape, path);
                break;
        }
    }

    private void CheckFields(PodMap map, FieldShape shape, string path)
    {
        foreach (var (key, value) in map.Fields)
        {
            var place = map.PlaceOf(key);
            if (MergeDirectives.IsOne(key))
            {
                continue;
            }

            if (shape.Kind == ShapeKind.Map || shape.Fields.ContainsKey(key))
            {
                Check(value, shape.Below(key), FieldPath.Of(path, key));
            }
            else
            {
                CheckUnknown(key, place, shape, path);
            }
        }
    }

    private void CheckUnknown(string key, TextPlace place, FieldShape shape, string path)
    {
        var here = FieldPath.Of(path, key);
        if (NearNames.Find(key, shape.Fields.Keys) is { } near)
        {
            Add(place, here, $"A {shape.Name} has no field {key}; did you mean {near}?");
        }
        else if (HomeOf(key, shape) is { } home)
        {
            Add(place, here, $"A {shape.Name} has no field {key}; it belongs {home}.");
        }
        else if (shape == PodShape.Pod)
        {
            Add(place, here, $"A Pod has no field {key}; it has apiVersion, kind, metadata and spec.");
        }
        else
        {
            _warnings.Add(new PodSpecError(
                place, here, $"No {shape.Name} of Kubernetes 1.20 to 1.35 has a field {key}; a cluster that does not know it ignores it."));
        }
    }

    /// <summary>Where a field belongs that stands a level too high: <c>containers</c> beside <c>spec</c>, <c>image</c> in it.</summary>
    private static string? HomeOf(string key, FieldShape shape)
    {
        if (shape == PodShape.Pod)
        {
            return new[] { "spec", "metadata" }.FirstOrDefault(part => shape.Fields[part].Fields.ContainsKey(key)) is { } part
                ? $"under {part}"
                : null;
        }

        if (shape.Name != "PodSpec")
        {
            return null;
        }

        return shape.Fields["containers"].Item.Fields.ContainsKey(key) ? "to a container, an item of spec.containers"
            : PodShape.Pod.Fields["metadata"].Fields.ContainsKey(key) ? "under metadata"
            : null;
    }

    private void CheckItems(PodList list, FieldShape shape, string path)
    {
        var seen = new List<PodScalar>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var here = FieldPath.Of(path, i);
            if (list.Items[i] is PodScalar { IsNull: true } empty)
            {
                Add(empty.Place, here, "The item is empty.");
                continue;
            }

            Check(list.Items[i], shape.Item, here);
            if (list.Items[i] is PodMap { Fields.Count: > 1 } replacing && replacing.Text(MergeDirectives.Patch) == MergeDirectives.Replace)
            {
                Add(replacing.Place, here, "In a list, $patch: replace stands in an item of its own and replaces the whole list; beside other fields it would drop them.");
            }

            if (shape.MergeKey is { } key && list.Items[i] is PodMap item && !item.Has(MergeDirectives.Patch))
            {
                CheckKey(item, key, seen, here, mayLack: shape == Containers);
            }
        }
    }

    private void CheckKey(PodMap item, string key, List<PodScalar> seen, string path, bool mayLack)
    {
        if (item[key] is not PodScalar { IsNull: false } own)
        {
            if (item.Has(key) || !mayLack)
            {
                Add(item.Place, path, $"Needs a {key}: that is how an item of this list is told from another.");
            }

            return;
        }

        if (seen.FirstOrDefault(own.Equals) is { } first)
        {
            Add(own.Place, FieldPath.Of(path, key), $"The {key} {own.Text} stands twice in this list, first in line {first.Place.Line}.");
        }

        seen.Add(own);
    }

    private static bool Fits(PodScalar scalar, ShapeKind kind) => kind switch
    {
        ShapeKind.String => scalar.Kind == JsonValueKind.String,
        ShapeKind.Integer => IsInteger(scalar),
        ShapeKind.Boolean => scalar.Kind is JsonValueKind.True or JsonValueKind.False,
        ShapeKind.Quantity => scalar.Kind is JsonValueKind.String or JsonValueKind.Number,
        ShapeKind.IntegerOrString => scalar.Kind == JsonValueKind.String || IsInteger(scalar),
        _ => false,
    };

    private static bool IsInteger(PodScalar scalar) =>
        scalar.Kind == JsonValueKind.Number
        && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private void AddWrongType(PodNode node, FieldShape shape, string path)
    {
        var message = $"Must be {shape.Expectation}; it is {node.Description}.";
        if (shape.Kind == ShapeKind.String && node is PodScalar)
        {
            message += " Put it in quotes.";
        }
        else if (shape.Kind is ShapeKind.Integer or ShapeKind.Boolean && node is PodScalar { Kind: JsonValueKind.String })
        {
            message += " Leave the quotes away if it has any.";
        }
        else if (shape.Kind == ShapeKind.List && node is PodMap)
        {
            message += " Begin each of its items with '- '.";
        }

        Add(node.Place, path, message);
    }

    private void Add(TextPlace place, string path, string message) => _errors.Add(new PodSpecError(place, path, message));
}
