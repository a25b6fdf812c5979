using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Labels;

/// <summary>Labels, and which templates and jobs have them.</summary>
internal static class LabelsModule
{
    public static IServiceCollection AddLabels(this IServiceCollection services) => services.AddResource<LabelsController>();
}
