using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Output;

/// <summary>What jobs print: stored, read, followed.</summary>
internal static class OutputModule
{
    public static IServiceCollection AddOutput(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<OutputSignals>();
        services.AddSingleton<OutputStall>();
        services.AddSingleton<OutputWriteQueue>();
        services.AddSingleton<OutputStore>();
        services.AddSingleton<OutputReader>();
        services.AddSingleton<StdoutController>();
        services.AddSingleton<OutputController>();
        services.AddHostedService<FollowedJobs>();
        return services;
    }

    /// <summary>The text of everything that runs; what kinds of it there are, others say.</summary>
    public static void MapOutput(this IEndpointRouteBuilder endpoints)
    {
        MapText<Job>(endpoints);
        MapText<ProjectUpdate>(endpoints);
    }

    private static void MapText<T>(IEndpointRouteBuilder endpoints)
        where T : UnifiedJob
    {
        var services = endpoints.ServiceProvider;
        if (services.GetRequiredService<ResourceCatalog>().Find(typeof(T)) is not Resource<T> resource)
        {
            return;
        }

        var stdout = services.GetRequiredService<StdoutController>();
        var output = services.GetRequiredService<OutputController>();
        resource.MapBelow(endpoints, "stdout", stdout.GetAsync);
        resource.MapBelow(endpoints, "output", output.GetAsync);
    }
}
