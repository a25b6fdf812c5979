namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Where jobs run.</summary>
internal static class InstanceGroupsModule
{
    public static IServiceCollection AddInstanceGroups(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services;
    }
}
