using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Inventories;

/// <summary>Reads an inventory in Ansible's INI form.</summary>
internal sealed partial class IniInventory
{
    private readonly SourceInventory _inventory = new();

    /// <summary>Groups that have been given variables but not been declared yet, with the line.</summary>
    private readonly OrderedDictionary<string, int> _undeclared = new(StringComparer.Ordinal);

    /// <summary>Named as children: all groups may be declared further down.</summary>
    private readonly List<(string Parent, string Child, int Line)> _children = [];

    private string _group = SourceInventory.Ungrouped;
    private string _section = "hosts";
    private int _line;

    private IniInventory()
    {
    }

    /// <exception cref="VariablesException">With line and cause.</exception>
    public static SourceInventory Read(string text)
    {
        var reader = new IniInventory();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            reader._line++;
            reader.ReadLine(line.Trim());
        }

        reader.Link();
        return reader._inventory;
    }

    private void ReadLine(string line)
    {
        if (line.Length == 0 || line[0] is '#' or ';')
        {
            return;
        }

        if (Section().Match(line) is { Success: true } section)
        {
            BeginSection(section.Groups[1].Value, section.Groups[2].Value);
        }
        else if (line.StartsWith('[') && line.EndsWith(']'))
        {
            throw Fault($"{line} is no section: a section is [group], [group:vars] or [group:children], without spaces");
        }
        else if (_section == "hosts")
        {
            ReadHost(line);
        }
        else if (_section == "vars")
        {
            ReadVariable(line);
        }
        else
        {
            ReadChild(line);
        }
    }

    private void BeginSection(string group, string kind)
    {
        (_group, _section) = (group, kind.Length == 0 ? "hosts" : kind);
        if (_section is not ("hosts" or "vars" or "children"))
        {
            throw Fault($"the section [{group}:{kind}] is of an unknown kind: there are [{group}], [{group}:vars] and [{group}:children]");
        }

        if (_section == "vars" && !_inventory.HasGroup(group))
        {
            _undeclared.TryAdd(group, _line);
        }
        else if (_section != "vars")
        {
            _undeclared.Remove(group);
        }

        _inventory.AddGroup(group, _line);
    }

    private void ReadHost(string line)
    {
        var words = ShellWords.Split(line, _line);
        if (words.Count == 0 || words[0].Length == 0)
        {
            throw Fault("a host is expected");
        }

        var (hosts, port) = HostPattern.Expand(words[0], _line);
        var variables = words.Skip(1).Select(SplitVariable).ToList();
        foreach (var host in hosts)
        {
            _inventory.AddHost(host, port, _group, _line);
            foreach (var (name, value) in variables)
            {
                _inventory.SetHostVariable(host, name, PythonLiteral.Read(value));
            }
        }
    }

    private (string Name, string Value) SplitVariable(string word)
    {
        var equals = word.IndexOf('=');
        return equals < 0 ? throw Fault($"name=value is expected after the host, not \"{word}\"") : (word[..equals], word[(equals + 1)..]);
    }

    private void ReadVariable(string line)
    {
        var equals = line.IndexOf('=');
        if (equals < 0)
        {
            throw Fault($"name=value is expected in [{_group}:vars], not \"{line}\"");
        }

        _inventory.SetGroupVariable(_group, line[..equals].Trim(), PythonLiteral.Read(line[(equals + 1)..].Trim()));
    }

    private void ReadChild(string line)
    {
        var match = GroupName().Match(line);
        if (!match.Success)
        {
            throw Fault($"the name of a group is expected in [{_group}:children], not \"{line}\"");
        }

        _children.Add((_group, match.Groups[1].Value, _line));
    }

    private void Link()
    {
        foreach (var (group, line) in _undeclared)
        {
            throw new VariablesException($"[{group}:vars] is for a group that is declared nowhere: {group}", line);
        }

        foreach (var (parent, child, line) in _children)
        {
            if (!_inventory.HasGroup(child))
            {
                throw new VariablesException($"[{parent}:children] names a group that is declared nowhere: {child}", line);
            }

            _inventory.AddChild(parent, child, line);
        }
    }

    private VariablesException Fault(string message) => new(message, _line);

    [GeneratedRegex(@"^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Section();

    [GeneratedRegex(@"^([^:\]\s]+)\s*(?:#.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex GroupName();
}
