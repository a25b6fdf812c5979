using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Schedules;

/// <summary>What is launched by the clock.</summary>
internal static class SchedulesModule
{
    public static IServiceCollection AddSchedules(this IServiceCollection services) => services
        .AddSingleton<ScheduleAnswers>()
        .AddSingleton<ScheduleChecks>()
        .AddSingleton<ScheduleFiring>()
        .AddSingleton<SchedulePreview>()
        .AddSingleton<JobSchedules>()
        .AddHostedService<ScheduleTimer>()
        .AddResource<SchedulesController>();

    public static void MapSchedules(this IEndpointRouteBuilder endpoints)
    {
        endpoints.ServiceProvider.GetRequiredService<SchedulePreview>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<JobSchedules>().Map(endpoints);
    }
}
