using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Reads a pod, or a part of one, from YAML or JSON (which is YAML as well), in the way in which Kubernetes does. What an
/// alias stands for is counted each time, so that a short text can't make a large pod.</summary>
internal sealed class PodTextReader
{
    private const int MaxLength = 1024 * 1024;
    private const int MaxNodes = 50_000;
    private const int MaxDepth = 64;
    private const string MergeKey = "<<";

    private readonly string _origin;
    private readonly Parser _parser;
    private readonly Dictionary<string, (PodNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private ParsingEvent? _ahead;
    private int _nodes;

    private PodTextReader(string text, string origin)
    {
        _origin = origin;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The mapping that the text is; an empty one for an empty text.</summary>
    /// <exception cref="PodSpecException">It is something else, or can't be read.</exception>
    public static PodMap Read(string text, string origin)
    {
        if (text.Length > MaxLength)
        {
            throw new PodSpecException(default, FieldPath.Root, $"It is longer than {MaxLength / 1024} KiB.");
        }

        try
        {
            return new PodTextReader(text, origin).ReadDocument();
        }
        catch (YamlException e)
        {
            throw new PodSpecException(PlaceOf(e.Start), FieldPath.Root, $"Cannot parse as YAML or JSON: {e.Message}");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            // The library's own slips on texts that are no YAML.
            throw new PodSpecException(default, FieldPath.Root, $"Cannot parse as YAML or JSON: {e.Message}");
        }
    }

    private PodMap ReadDocument()
    {
        PodNode? root = null;
        while (_parser.MoveNext())
        {
            if (_parser.Current is not DocumentStart start)
            {
                continue;
            }

            if (root is not null)
            {
                throw Error(start, FieldPath.Root, "One document is expected, not several.");
            }

            root = ReadNode(FieldPath.Root, 0);
        }

        return root switch
        {
            null or PodScalar { IsNull: true } => new PodMap(_origin, default, []),
            PodMap map => map,
            _ => throw new PodSpecException(root.Place, FieldPath.Root, $"A mapping is expected: a Pod, or a part of one. It is {root.Description}."),
        };
    }

    /// <summary>Reads the node that begins with the next event.</summary>
    private PodNode ReadNode(string path, int depth)
    {
        var first = Take(path);
        if (depth > MaxDepth)
        {
            throw Error(first, path, $"It is nested deeper than {MaxDepth} levels.");
        }

        var before = _nodes;
        Count(1, first, path);
        PodNode node = first switch
        {
            AnchorAlias alias => Resolve(alias, path),
            Scalar scalar => YamlScalars.Read(scalar, _origin, PlaceOf(scalar.Start), path),
            SequenceStart => ReadList(PlaceOf(first.Start), path, depth),
            MappingStart => ReadMap(PlaceOf(first.Start), path, depth),
            _ => throw Error(first, path, "A value is expected here."),
        };
        if (first is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor.Value] = (node, _nodes - before);
        }

        return node;
    }

    private PodList ReadList(TextPlace place, string path, int depth)
    {
        var items = new List<PodNode>();
        while (!IsNext<SequenceEnd>())
        {
            items.Add(ReadNode(FieldPath.Of(path, items.Count), depth + 1));
        }

        return new PodList(_origin, place, items);
    }

    private PodMap ReadMap(TextPlace place, string path, int depth)
    {
        var fields = new OrderedDictionary<string, PodNode>(StringComparer.Ordinal);
        var places = new Dictionary<string, TextPlace>(StringComparer.Ordinal);
        var merged = new List<PodMap>();
        while (!IsNext<MappingEnd>())
        {
            var (key, keyPlace) = ReadKey(path, depth);
            var value = ReadNode(FieldPath.Of(path, key), depth + 1);
            if (key == MergeKey)
            {
                merged.AddRange(MapsIn(value, path));
            }
            else if (!fields.TryAdd(key, value))
            {
                throw new PodSpecException(keyPlace, FieldPath.Of(path, key), $"The key stands twice in one mapping, first in line {places[key].Line}.");
            }
            else
            {
                places[key] = keyPlace;
            }
        }

        foreach (var (key, value) in merged.SelectMany(map => map.Fields))
        {
            // What the mapping says itself comes first, then the earlier of the merged ones.
            fields.TryAdd(key, value);
        }

        return new PodMap(_origin, place, fields, places);
    }

    private (string Key, TextPlace Place) ReadKey(string path, int depth)
    {
        var node = ReadNode(path, depth + 1);
        return node is PodScalar { IsNull: false } key
            ? (key.Kind switch { JsonValueKind.True => "true", JsonValueKind.False => "false", _ => key.Text }, key.Place)
            : throw new PodSpecException(node.Place, path, $"A key is a text; here it is {node.Description}.");
    }

    private PodNode Resolve(AnchorAlias alias, string path)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchored))
        {
            throw Error(alias, path, $"There is no anchor &{alias.Value.Value} before this alias.");
        }

        Count(anchored.Size, alias, path);
        return anchored.Node;
    }

    private static IEnumerable<PodMap> MapsIn(PodNode value, string path) => value switch
    {
        PodMap map => [map],
        PodList list => list.Items.SelectMany(item => MapsIn(item, path)),
        _ => throw new PodSpecException(value.Place, path, $"{MergeKey} merges a mapping or a list of mappings; here it is {value.Description}."),
    };

    /// <summary>Whether the next event is one that ends a collection, which is consumed then.</summary>
    private bool IsNext<T>()
        where T : ParsingEvent
    {
        if (_ahead is null && _parser.MoveNext())
        {
            _ahead = _parser.Current;
        }

        var found = _ahead is T;
        _ahead = found ? null : _ahead;
        return found;
    }

    private ParsingEvent Take(string path)
    {
        var next = _ahead ?? (_parser.MoveNext() ? _parser.Current : null);
        _ahead = null;
        return next ?? throw new PodSpecException(default, path, "The text ends too early.");
    }

    private void Count(int nodes, ParsingEvent at, string path)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes)
        {
            throw Error(at, path, $"It holds more than {MaxNodes} values, counting what each alias stands for.");
        }
    }

    private static PodSpecException Error(ParsingEvent at, string path, string message) => new(PlaceOf(at.Start), path, message);

    private static TextPlace PlaceOf(Mark mark) => new(mark.Line, mark.Column);
}
