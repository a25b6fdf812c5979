using ContainerGroups.Host.InstanceGroups.Capacity;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Where jobs run.</summary>
internal static class InstanceGroupsModule
{
    public static IServiceCollection AddInstanceGroups(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<InstancesOptions>().Bind(configuration.GetSection(InstancesOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<InstanceFaults>();
        services.AddSingleton<InstanceStore>();
        services.AddHostedService<InstanceRegistration>();
        return services.AddResource<InstanceGroupsController>().AddResource<InstancesController>();
    }
}
