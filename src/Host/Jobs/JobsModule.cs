using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using FluentValidation;

namespace ContainerGroups.Host.Jobs;

/// <summary>Jobs: their rules, their rows, their URLs.</summary>
internal static class JobsModule
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<IValidator<Job>, JobValidator>();
        services.AddSingleton<LaunchChecks>();
        services.AddSingleton<JobLauncher>();
        services.AddSingleton<KeptAnswers>();
        services.AddSingleton<JobRelauncher>();
        services.AddSingleton<JobCanceler>();
        services.AddSingleton<JobActions>();
        services.AddSingleton<AdHocLauncher>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<TemplateLaunchController>();
        return services.AddResource<JobsController>().AddResource<AdHocCommandsController>().AddResource<UnifiedJobsController>();
    }

    public static void MapJobs(this IEndpointRouteBuilder endpoints) =>
        endpoints.ServiceProvider.GetRequiredService<TemplateLaunchController>().Map(endpoints);
}
