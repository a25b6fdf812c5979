using ContainerGroups.Host.Rest.Activity;

namespace ContainerGroups.Host.Rest;

/// <summary>The machinery of <c>/api/v2/</c>. Capabilities add their resources to it.</summary>
internal static class RestModule
{
    public static IServiceCollection AddRest(this IServiceCollection services) => services.AddSingleton<ResourceCatalog>().AddSingleton<ActivityLog>();

    /// <summary>Adds the resource that a controller describes.</summary>
    public static IServiceCollection AddResource<TController>(this IServiceCollection services)
        where TController : class, IResourceController =>
        services.AddSingleton<TController>().AddSingleton<IResourceController>(provider => provider.GetRequiredService<TController>());

    /// <summary>AWX's headers and errors for everything under <c>/api/</c>. Comes before what answers there.</summary>
    public static IApplicationBuilder UseRest(this IApplicationBuilder app) =>
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/api"), api => api.UseMiddleware<ApiPipeline>());

    /// <summary>Maps every resource, and the answer to unknown URLs.</summary>
    public static void MapRest(this IEndpointRouteBuilder endpoints)
    {
        var catalog = endpoints.ServiceProvider.GetRequiredService<ResourceCatalog>();
        foreach (var resource in catalog.Resources)
        {
            resource.Map(endpoints, catalog);
        }

        endpoints.Map("/api/{**rest}", _ => throw ApiException.NotFound("The requested resource could not be found."));
    }
}
