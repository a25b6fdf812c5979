using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.Simulation.Api;

namespace ContainerGroups.Kubernetes.Simulation.Pods;

/// <summary>A field selector: <c>involvedObject.name=x</c>, <c>status.phase!=Running</c>, joined by commas.</summary>
internal sealed class FieldSelector
{
    private readonly List<(string[] Path, string Value, bool Equal)> _requirements = [];

    public static FieldSelector Parse(string? text)
    {
        var selector = new FieldSelector();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=');
            if (at <= 0)
            {
                throw Statuses.BadRequest($"invalid selector: '{text}'; can't understand '{part}'");
            }

            var unequal = part[at - 1] == '!';
            selector._requirements.Add((part[..(unequal ? at - 1 : at)].Split('.'), part[(at + 1)..].TrimStart('='), !unequal));
        }

        return selector;
    }

    /// <returns>The value that a field must have; null when the selector leaves it open.</returns>
    public string? Exact(string path) => _requirements.Find(requirement => requirement.Equal && string.Join('.', requirement.Path) == path).Value;

    public bool Matches(JsonObject item) => _requirements.TrueForAll(requirement =>
    {
        JsonNode? node = item;
        foreach (var name in requirement.Path)
        {
            node = (node as JsonObject)?[name];
        }

        return (node?.ToString() ?? "") == requirement.Value == requirement.Equal;
    });
}
