using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.OData.Model;

/// <summary>What every named entity tells of itself, in the order of the schema.</summary>
internal static class NamedProperties
{
    public static EntityModel<TRow> Named<TRow>(this EntityModel<TRow> model)
        where TRow : NamedEntity => model
        .Property(x => x.Id)
        .Property(x => x.Name, searched: true)
        .Property(x => x.Description, searched: true)
        .Property(x => x.Created)
        .Property(x => x.Modified);
}
