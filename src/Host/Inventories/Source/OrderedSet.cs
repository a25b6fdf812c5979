using System.Collections;

namespace ContainerGroups.Host.Inventories;

/// <summary>Names, each once, in the order in which they came.</summary>
internal sealed class OrderedSet : IReadOnlyCollection<string>
{
    private readonly List<string> _names = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public int Count => _names.Count;

    public void Add(string name)
    {
        if (_known.Add(name))
        {
            _names.Add(name);
        }
    }

    public bool Contains(string name) => _known.Contains(name);

    public IEnumerator<string> GetEnumerator() => _names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
