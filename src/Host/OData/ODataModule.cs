using ContainerGroups.Host.OData.Answers;
using ContainerGroups.Host.OData.Batch;
using ContainerGroups.Host.OData.Model;
using ContainerGroups.Host.OData.Reading;

namespace ContainerGroups.Host.OData;

/// <summary>The reporting interface: everything that may be read, to be asked by OData.</summary>
internal static class ODataModule
{
    public static IServiceCollection AddOData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ODataOptions>().Bind(configuration.GetSection(ODataOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<EntityCatalog>().AddSingleton<ServiceAnswers>().AddSingleton<BatchAnswer>().AddSingleton<PlanCache>().AddSingleton<ResourceReader>().AddSingleton<ODataEndpoint>();
    }

    public static void MapOData(this IEndpointRouteBuilder endpoints)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<ODataEndpoint>();
        endpoints.Map(ServiceRequest.Prefix + "/{**rest}", endpoint.InvokeAsync);
    }
}
