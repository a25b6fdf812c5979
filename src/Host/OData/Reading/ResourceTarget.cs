using System.Linq.Expressions;
using ContainerGroups.Host.OData.Model;

namespace ContainerGroups.Host.OData.Reading;

internal enum TargetForm
{
    Entities,
    Value,
    RawValue,
    Count,
    References,
}

/// <summary>What a path leads to.</summary>
internal sealed record ResourceTarget(EntityModel Entity, Expression Source)
{
    /// <summary>Whether it is one entity, or a value of it.</summary>
    public bool IsSingle { get; init; }

    /// <summary>Whether it may be absent without being wrong: a way to one entity that leads to none.</summary>
    public bool MayBeAbsent { get; init; }

    public EntityProperty? Property { get; init; }

    public TargetForm Form { get; init; }

    /// <summary>What the context URL says before the projection.</summary>
    public string ContextPath { get; init; } = Entity.SetName;
}
