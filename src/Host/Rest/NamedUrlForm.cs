using System.Text;

namespace ContainerGroups.Host.Rest;

/// <summary>
/// How an object is named in a URL in place of its id: its own fields joined by <c>+</c>, then, each after <c>++</c>, the names of what
/// it belongs to. A missing owner leaves its place empty; a literal plus is written <c>[+]</c>.
/// </summary>
/// <param name="Fields">Names of the object's own fields.</param>
/// <param name="Parents">Names of foreign keys whose objects' names follow.</param>
internal sealed record NamedUrlForm(IReadOnlyList<string> Fields, IReadOnlyList<string> Parents)
{
    /// <summary>Whether the own fields alone name an object too.</summary>
    public bool ParentsOptional { get; init; }

    /// <summary>Writes parts, outermost by object and inner by field, as one segment of a path.</summary>
    public static string Format(IEnumerable<IReadOnlyList<string>> parts) =>
        string.Join("++", parts.Select(part => string.Join('+', part.Select(Escape))));

    /// <summary>Takes a decoded segment of a path apart.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Parse(string segment)
    {
        var objects = new List<IReadOnlyList<string>>();
        var fields = new List<string>();
        var text = new StringBuilder();
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment.AsSpan(i).StartsWith("[+]"))
            {
                text.Append('+');
                i += 2;
            }
            else if (segment[i] != '+')
            {
                text.Append(segment[i]);
            }
            else
            {
                fields.Add(text.ToString());
                text.Clear();
                if (i + 1 < segment.Length && segment[i + 1] == '+')
                {
                    objects.Add(fields);
                    fields = [];
                    i++;
                }
            }
        }

        fields.Add(text.ToString());
        objects.Add(fields);
        return objects;
    }

    private static string Escape(string text) => Uri.EscapeDataString(text.Replace("+", "[+]", StringComparison.Ordinal)).Replace("%5B%2B%5D", "[+]", StringComparison.Ordinal);
}
