using Microsoft.OData.Edm;

namespace ContainerGroups.Host.OData.Model;

/// <summary>Every entity set of the service, and the schema made of them.</summary>
internal sealed class EntityCatalog
{
    private readonly Dictionary<string, EntityModel> _bySet;
    private readonly Dictionary<string, EntityModel> _byType;

    public EntityCatalog()
    {
        Sets = [.. PlaceEntities.All(), .. ContentEntities.All(), .. JobEntities.All(), .. ScheduleEntities.All(), .. ActivityEntities.All()];
        _bySet = Sets.ToDictionary(set => set.SetName);
        _byType = Sets.ToDictionary(set => EdmSchema.Namespace + "." + set.TypeName);
        foreach (var navigation in Sets.SelectMany(set => set.Navigations))
        {
            navigation.Resolve(_bySet[navigation.TargetSet]);
        }

        Schema = EdmSchema.Build(Sets);
        NewerFunctions.EnsureKnown();
    }

    public IReadOnlyList<EntityModel> Sets { get; }

    public IEdmModel Schema { get; }

    public EntityModel Set(string name) => _bySet[name];

    public EntityModel Of(IEdmType type) => _byType[type.FullTypeName()];
}
