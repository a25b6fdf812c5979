using System.Text.Json.Nodes;

namespace ContainerGroups.Host.Inventories;

/// <summary>What an inventory's source text says, in its order.</summary>
internal sealed class SourceInventory
{
    public const string All = "all";

    public const string Ungrouped = "ungrouped";

    private const int MaxName = 512;

    private readonly OrderedDictionary<string, SourceGroup> _groups = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, JsonObject> _hosts = new(StringComparer.Ordinal);

    /// <summary>The variables of <c>all</c>, which is no group of its own here: everything is in it.</summary>
    public JsonObject Variables { get; } = [];

    /// <summary>Without <c>all</c>; with <c>ungrouped</c> only when it has variables.</summary>
    public IReadOnlyDictionary<string, SourceGroup> Groups => _groups;

    public IReadOnlyDictionary<string, JsonObject> Hosts => _hosts;

    public bool HasGroup(string name) => name is All or Ungrouped || _groups.ContainsKey(name);

    public void AddGroup(string name, int line)
    {
        RequireName("group", name, line);
        if (!HasGroup(name))
        {
            _groups.Add(name, new SourceGroup());
        }
    }

    public void AddHost(string name, int? port, string group, int line)
    {
        RequireName("host", name, line);
        if (!_hosts.ContainsKey(name))
        {
            _hosts.Add(name, port is null ? [] : new JsonObject { ["ansible_port"] = port });
        }

        if (group is not (All or Ungrouped))
        {
            _groups[group].Hosts.Add(name);
        }
    }

    public void AddChild(string parent, string child, int line)
    {
        if (child == parent || child == All || (parent is not All && Reaches(child, parent, [])))
        {
            throw new VariablesException($"the group {child} can't be inside of {parent}: they would contain each other", line);
        }

        if (parent == Ungrouped)
        {
            throw new VariablesException("ungrouped is for hosts that are in no group: it can't have children", line);
        }

        // Everything is inside of all, and so is ungrouped.
        if (parent is not All && child is not Ungrouped)
        {
            _groups[parent].Children.Add(child);
        }
    }

    public void SetHostVariable(string host, string name, JsonNode? value) => _hosts[host][name] = value?.DeepClone();

    public void SetGroupVariable(string group, string name, JsonNode? value)
    {
        if (group == Ungrouped)
        {
            _groups.TryAdd(Ungrouped, new SourceGroup());
        }

        (group == All ? Variables : _groups[group].Variables)[name] = value?.DeepClone();
    }

    private bool Reaches(string from, string to, HashSet<string> seen) =>
        seen.Add(from) && _groups.TryGetValue(from, out var group)
        && (group.Children.Contains(to) || group.Children.Any(child => Reaches(child, to, seen)));

    private static void RequireName(string kind, string name, int line)
    {
        if (name.Length is 0 or > MaxName)
        {
            throw new VariablesException(name.Length == 0 ? $"a {kind} without a name" : $"the name of a {kind} is longer than {MaxName} characters", line);
        }
    }
}

/// <summary>A group of an inventory's source text; hosts and children in order, each once.</summary>
internal sealed class SourceGroup
{
    public JsonObject Variables { get; } = [];

    public OrderedSet Hosts { get; } = new();

    public OrderedSet Children { get; } = new();
}
