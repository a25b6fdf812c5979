using ContainerGroups.Host.Api.Metrics;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Api;

/// <summary>What of the API belongs to no capability: its roots, and what the server says of itself.</summary>
internal static class ApiModule
{
    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .AddSingleton<RootController>()
        .AddSingleton<PingController>()
        .AddSingleton<ConfigController>()
        .AddSingleton<JobsGraphController>()
        .AddSingleton<PluginsController>()
        .AddSingleton<SystemFigures>()
        .AddSingleton<MetricsController>();

    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        services.GetRequiredService<RootController>().Map(endpoints);
        new ApiEndpoint().Get(services.GetRequiredService<PingController>().ShowAsync).Anonymous().Map(endpoints, "/api/v2/ping");
        new ApiEndpoint().Get(services.GetRequiredService<ConfigController>().ShowAsync).Map(endpoints, "/api/v2/config");
        new ApiEndpoint().Get(DashboardController.ShowAsync).Map(endpoints, "/api/v2/dashboard");
        new ApiEndpoint().Get(services.GetRequiredService<JobsGraphController>().ShowAsync).Map(endpoints, "/api/v2/dashboard/graphs/jobs");
        new ApiEndpoint().Get(services.GetRequiredService<MetricsController>().ShowAsync).Map(endpoints, "/api/v2/metrics");
        new ApiEndpoint().Get(MeController.ShowAsync).Map(endpoints, "/api/v2/me");
        new ApiEndpoint().Get(services.GetRequiredService<PluginsController>().ShowAsync).Map(endpoints, "/api/v2/plugins");
    }
}
