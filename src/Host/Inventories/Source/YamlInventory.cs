using System.Text.Json.Nodes;

namespace ContainerGroups.Host.Inventories;

/// <summary>Reads an inventory in Ansible's YAML form.</summary>
internal sealed class YamlInventory
{
    private readonly SourceInventory _inventory = new();
    private readonly IReadOnlyDictionary<JsonNode, int> _lines;

    private YamlInventory(IReadOnlyDictionary<JsonNode, int> lines) => _lines = lines;

    /// <exception cref="VariablesException">With line and cause.</exception>
    public static SourceInventory Read(string text)
    {
        var root = YamlReader.Read(text, out var lines);
        var reader = new YamlInventory(lines);
        var groups = root as JsonObject ?? throw new VariablesException("a mapping of groups is expected", 1);
        if (groups["plugin"] is JsonValue plugin)
        {
            throw new VariablesException("this is the configuration of an inventory plugin, not an inventory", reader.LineOf(plugin, 0));
        }

        foreach (var (name, group) in groups)
        {
            reader.ReadGroup(name, group, reader.LineOf(groups, 1));
        }

        return reader._inventory;
    }

    private void ReadGroup(string name, JsonNode? group, int near)
    {
        var line = LineOf(group, near);
        _inventory.AddGroup(name, line);
        foreach (var (section, content) in MappingOf(group, $"the group {name}", line))
        {
            var sectionLine = LineOf(content, line);
            switch (section)
            {
                case "vars":
                    ReadVariables(name, MappingOf(content, $"vars of the group {name}", sectionLine));
                    break;
                case "hosts":
                    ReadHosts(name, MappingOf(content, $"hosts of the group {name}", sectionLine), sectionLine);
                    break;
                case "children":
                    ReadChildren(name, MappingOf(content, $"children of the group {name}", sectionLine), sectionLine);
                    break;
                default:
                    throw new VariablesException($"\"{section}\" in the group {name} is none of hosts, vars and children", sectionLine);
            }
        }
    }

    private void ReadVariables(string group, JsonObject variables)
    {
        foreach (var (name, value) in variables)
        {
            _inventory.SetGroupVariable(group, name, value);
        }
    }

    private void ReadHosts(string group, JsonObject hosts, int near)
    {
        foreach (var (pattern, variables) in hosts)
        {
            var line = LineOf(variables, near);
            var (names, port) = HostPattern.Expand(pattern, line);
            foreach (var host in names)
            {
                _inventory.AddHost(host, port, group, line);
                foreach (var (name, value) in MappingOf(variables, $"the variables of the host {pattern}", line))
                {
                    _inventory.SetHostVariable(host, name, value);
                }
            }
        }
    }

    private void ReadChildren(string parent, JsonObject children, int near)
    {
        foreach (var (name, group) in children)
        {
            ReadGroup(name, group, near);
            _inventory.AddChild(parent, name, LineOf(group, near));
        }
    }

    /// <summary>Nothing is an empty mapping, and one word is a mapping of that word to nothing.</summary>
    private static JsonObject MappingOf(JsonNode? node, string what, int line) => node switch
    {
        null => [],
        JsonObject mapping => mapping,
        JsonValue value when value.TryGetValue<string>(out var word) && !what.StartsWith("the ", StringComparison.Ordinal) =>
            new JsonObject { [word] = null },
        _ => throw new VariablesException($"{what} must be a mapping", line),
    };

    private int LineOf(JsonNode? node, int otherwise) => node is not null && _lines.TryGetValue(node, out var line) ? line : otherwise;
}
