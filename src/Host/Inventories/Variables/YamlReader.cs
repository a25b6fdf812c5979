using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ContainerGroups.Host.Inventories;

/// <summary>
/// Reads one YAML document as the JSON that Ansible would make of it: YAML 1.1 words, anchors, merge keys, and
/// <c>!vault</c> and <c>!unsafe</c> in the form that Ansible's own JSON reader understands.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>Aliases can make a gigabyte of ten lines: more nodes than this is an attack, not a variable file.</summary>
    private const int MaxNodes = 2_000_000;

    private const int MaxDepth = 100;

    private readonly Dictionary<AnchorName, (JsonNode? Node, int Size)> _anchors = [];
    private readonly Parser _parser;
    private readonly Dictionary<JsonNode, int> _lines = new(ReferenceEqualityComparer.Instance);
    private int _nodes;

    private YamlReader(string text) => _parser = new Parser(new StringReader(text));

    /// <exception cref="VariablesException">It is no YAML, or more than one document.</exception>
    public static JsonNode? Read(string text) => Read(text, out _);

    /// <summary>Tells the line of each node besides, as far as it is not null.</summary>
    /// <exception cref="VariablesException">It is no YAML, or more than one document.</exception>
    public static JsonNode? Read(string text, out IReadOnlyDictionary<JsonNode, int> lines)
    {
        var reader = new YamlReader(text);
        lines = reader._lines;
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            throw new VariablesException($"{e.Message.TrimEnd('.')} (column {e.End.Column})", (int)e.End.Line);
        }
        catch (InvalidOperationException)
        {
            // The library's way to refuse some texts that are far from YAML.
            throw new VariablesException("this is not YAML", (int)(reader._parser.Current?.End.Line ?? 1));
        }
    }

    private JsonNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var (root, _) = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
        {
            throw new VariablesException("only one YAML document is expected", (int)_parser.Current!.Start.Line);
        }

        return root;
    }

    private (JsonNode? Node, int Size) ReadNode(int depth)
    {
        var line = (int)_parser.Current!.Start.Line;
        if (depth > MaxDepth)
        {
            throw new VariablesException($"nested deeper than {MaxDepth} levels", line);
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (!_anchors.TryGetValue(alias.Value, out var aliased))
            {
                throw new VariablesException($"the alias *{alias.Value} has no anchor before it", line);
            }

            Count(aliased.Size, line);
            return (aliased.Node?.DeepClone(), aliased.Size);
        }

        var anchor = _parser.Current is NodeEvent node ? node.Anchor : AnchorName.Empty;
        var before = _nodes;
        Count(1, line);
        var read = _parser.Current switch
        {
            MappingStart => ReadMapping(depth),
            SequenceStart => ReadSequence(depth),
            _ => ReadScalar(_parser.Consume<Scalar>()),
        };
        if (read is not null)
        {
            _lines[read] = line;
        }

        var result = (read, _nodes - before);
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = result;
        }

        return result;
    }

    private JsonObject ReadMapping(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        RequireTag(start, "tag:yaml.org,2002:map");
        var mapping = new JsonObject();
        var merges = new List<JsonObject>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var line = (int)_parser.Current!.Start.Line;
            var isMerge = _parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
            var key = KeyOf(ReadNode(depth + 1).Node, line);
            var (value, _) = ReadNode(depth + 1);
            if (isMerge)
            {
                Merge(merges, value, line);
            }
            else
            {
                mapping[key] = value;
            }
        }

        // What the mapping says itself wins over what it merges in; of several merged ones, the first.
        foreach (var (key, value) in merges.SelectMany(m => m))
        {
            mapping.TryAdd(key, value?.DeepClone());
        }

        return mapping;
    }

    private static void Merge(List<JsonObject> merges, JsonNode? value, int line)
    {
        IEnumerable<JsonNode?> merged = value is JsonArray list ? list : [value];
        foreach (var item in merged)
        {
            merges.Add(item as JsonObject ?? throw new VariablesException("a merge key (<<) needs a mapping, or a list of mappings", line));
        }
    }

    private static string KeyOf(JsonNode? key, int line) => key switch
    {
        null => "null",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value => value.ToJsonString(),
        _ => throw new VariablesException("a key must be a word, not a list or a mapping", line),
    };

    private JsonArray ReadSequence(int depth)
    {
        RequireTag(_parser.Consume<SequenceStart>(), "tag:yaml.org,2002:seq");
        var list = new JsonArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            list.Add(ReadNode(depth + 1).Node);
        }

        return list;
    }

    private static JsonNode? ReadScalar(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Tag.IsEmpty)
        {
            return scalar.Style == ScalarStyle.Plain ? YamlScalars.Resolve(text) : JsonValue.Create(text);
        }

        var wanted = scalar.Tag.Value;
        return wanted switch
        {
            "!" or "tag:yaml.org,2002:str" => JsonValue.Create(text),
            "!vault" or "!vault-encrypted" => new JsonObject { ["__ansible_vault"] = text },
            "!unsafe" => new JsonObject { ["__ansible_unsafe"] = text },
            "tag:yaml.org,2002:null" => null,
            "tag:yaml.org,2002:bool" => YamlScalars.TryBoolean(text) ?? throw Unfit(scalar),
            "tag:yaml.org,2002:int" => YamlScalars.TryInteger(text) ?? throw Unfit(scalar),
            "tag:yaml.org,2002:float" => YamlScalars.TryFloat(text) ?? YamlScalars.TryFloat(text + ".0") ?? throw Unfit(scalar),
            _ => throw new VariablesException($"the tag {wanted} is not known", (int)scalar.Start.Line),
        };
    }

    private static VariablesException Unfit(Scalar scalar) =>
        new($"\"{scalar.Value}\" does not fit its tag {scalar.Tag.Value}", (int)scalar.Start.Line);

    private static void RequireTag(NodeEvent start, string expected)
    {
        if (!start.Tag.IsEmpty && start.Tag.Value != expected && start.Tag.Value != "!")
        {
            throw new VariablesException($"the tag {start.Tag.Value} is not known", (int)start.Start.Line);
        }
    }

    private void Count(int nodes, int line)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes)
        {
            throw new VariablesException("its aliases expand to more than can be stored", line);
        }
    }
}
