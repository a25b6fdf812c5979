using System.Collections.Frozen;

namespace ContainerGroups.Host.Rest;

/// <summary>Describes one resource; registered with <see cref="RestModule.AddResource{T}"/>.</summary>
internal interface IResourceController
{
    Resource Describe();
}

/// <summary>Every resource of this server.</summary>
internal sealed class ResourceCatalog
{
    private readonly FrozenDictionary<Type, Resource> _byEntity;

    public ResourceCatalog(IEnumerable<IResourceController> controllers)
    {
        Resources = [.. controllers.Select(controller => controller.Describe())];
        _byEntity = Resources.Where(resource => !resource.IsSecondary).ToFrozenDictionary(resource => resource.EntityType);
    }

    public IReadOnlyList<Resource> Resources { get; }

    /// <summary>The resource of an entity; null when this server has none for it.</summary>
    public Resource? Find(Type entity) => _byEntity.GetValueOrDefault(entity);

    /// <summary>The resource of an entity that this server has for certain.</summary>
    public Resource<T> Get<T>()
        where T : class => (Resource<T>)_byEntity[typeof(T)];
}
