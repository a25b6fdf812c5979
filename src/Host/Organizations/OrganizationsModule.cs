using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Organizations;

/// <summary>Organizations, users, teams and roles.</summary>
internal static class OrganizationsModule
{
    public static IServiceCollection AddOrganizations(this IServiceCollection services) => services
        .AddResource<OrganizationsController>()
        .AddResource<UsersController>()
        .AddResource<TeamsController>()
        .AddResource<RolesController>();
}
