using System.Linq.Expressions;
using System.Text.Json;

namespace ContainerGroups.Host.OData.Model;

/// <summary>A way from one entity to another, or to many.</summary>
internal sealed class EntityNavigation(string name, string targetSet, bool isCollection, LambdaExpression isTarget)
{
    private EntityModel? _target;

    public string Name => name;

    public JsonEncodedText EncodedName { get; } = JsonEncodedText.Encode(name);

    public string TargetSet => targetSet;

    public bool IsCollection => isCollection;

    /// <summary>From an entity and a candidate to whether the way leads there.</summary>
    public LambdaExpression IsTarget => isTarget;

    /// <summary>The same way as a join that the store knows; null when it knows none.</summary>
    public LambdaExpression? Join { get; init; }

    /// <summary>The property that names the target; null for many.</summary>
    public string? ForeignKey { get; init; }

    public bool IsRequired { get; init; }

    public EntityModel Target => _target ?? throw new InvalidOperationException($"{name} leads nowhere yet.");

    public void Resolve(EntityModel target) => _target = target;
}
