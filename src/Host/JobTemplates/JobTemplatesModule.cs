using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.JobTemplates;

/// <summary>Saved recipes of jobs.</summary>
internal static class JobTemplatesModule
{
    public static IServiceCollection AddJobTemplates(this IServiceCollection services) => services
        .AddSingleton<JobTemplateChecks>()
        .AddResource<JobTemplatesController>();
}
