using ContainerGroups.Host.InstanceGroups.Capacity;
using ContainerGroups.Host.Rest;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Where jobs run.</summary>
internal static class InstanceGroupsModule
{
    public static IServiceCollection AddInstanceGroups(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<InstancesOptions>().Bind(configuration.GetSection(InstancesOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<InstanceFaults>();
        services.AddSingleton<InstanceStore>();
        services.AddSingleton<GroupTargets>();
        services.AddSingleton<GroupPreview>();
        services.AddSingleton<GroupHealth>();
        services.TryAddSingleton(OwnCluster.Find());
        services.AddHostedService<InstanceRegistration>();
        return services.AddResource<InstanceGroupsController>().AddResource<InstancesController>();
    }
}
