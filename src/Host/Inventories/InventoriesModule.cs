using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Inventories;

/// <summary>Hosts and groups that playbooks run against.</summary>
internal static class InventoriesModule
{
    public static IServiceCollection AddInventories(this IServiceCollection services) => services
        .AddResource<InventoriesController>()
        .AddResource<HostsController>()
        .AddResource<GroupsController>()
        .AddHostedService<InventoryRemoval>();
}
