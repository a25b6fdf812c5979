using System.Collections.Immutable;

namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>What a service account may do in its own namespace: pairs of a verb and a resource, as <c>create pods/exec</c>.</summary>
public sealed class Role
{
    private readonly ImmutableHashSet<string> _rules;

    private Role(ImmutableHashSet<string> rules) => _rules = rules;

    /// <summary>Nothing.</summary>
    public static Role None { get; } = new([]);

    /// <summary>What the documentation of container groups gives: every verb on pods, and <c>create</c> on their exec.</summary>
    public static Role Seed { get; } = None.With("get list watch create update patch delete", "pods").With("create", "pods/exec");

    /// <summary>What AWX's own documentation gives today: logs and attach, and no exec.</summary>
    public static Role Awx { get; } = None.With("get list watch create update patch delete", "pods")
        .With("get", "pods/log").With("create", "pods/attach").With("get list watch", "events");

    /// <param name="verbs">Separated by spaces.</param>
    /// <param name="resource">With its subresource: <c>pods/exec</c>.</param>
    public Role With(string verbs, string resource) => new(_rules.Union(Pairs(verbs, resource)));

    /// <inheritdoc cref="With"/>
    public Role Without(string verbs, string resource) => new(_rules.Except(Pairs(verbs, resource)));

    internal bool Allows(string verb, string resource) => _rules.Contains($"{verb} {resource}");

    private static IEnumerable<string> Pairs(string verbs, string resource) => verbs.Split(' ').Select(verb => $"{verb} {resource}");
}
