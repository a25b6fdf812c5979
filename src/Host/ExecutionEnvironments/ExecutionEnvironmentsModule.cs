using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.ExecutionEnvironments;

/// <summary>Images with Ansible in them.</summary>
internal static class ExecutionEnvironmentsModule
{
    public static IServiceCollection AddExecutionEnvironments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ExecutionEnvironmentOptions>().Bind(configuration.GetSection(ExecutionEnvironmentOptions.Section));
        return services.AddResource<ExecutionEnvironmentsController>();
    }
}
