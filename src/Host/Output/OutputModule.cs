using ContainerGroups.Host.Output.Masking;
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
        services.AddSingleton<SecretMatchers>();
        services.AddSingleton<OutputStore>();
        services.AddSingleton<OutputReader>();
        services.AddSingleton<StdoutController>();
        services.AddSingleton<OutputController>();
        services.AddHostedService<FollowedJobs>();
        services.AddOptions<DiskOptions>().Bind(configuration.GetSection(DiskOptions.Section))
            .Validate(o => o.MinimumFreeBytes >= 0, "Disk:MinimumFreeBytes must not be negative.")
            .Validate(o => o.Period > TimeSpan.Zero, "Disk:Period must be longer than nothing.")
            .ValidateOnStart();
        services.AddSingleton<DiskGuard>();
        services.AddHostedService(provider => provider.GetRequiredService<DiskGuard>());
        services.AddOptions<RetentionOptions>().Bind(configuration.GetSection(RetentionOptions.Section))
            .Validate(o => o.JobDays >= 0, "Retention:JobDays must not be negative.")
            .Validate(o => o.MaxOutputBytes >= 0, "Retention:MaxOutputBytes must not be negative.")
            .Validate(o => o.ActivityDays >= 0, "Retention:ActivityDays must not be negative.")
            .Validate(o => o.Period > TimeSpan.Zero, "Retention:Period must be longer than nothing.")
            .ValidateOnStart();
        services.AddHostedService<JobRetention>();
        services.AddHostedService<ActivityRetention>();
        return services;
    }

    /// <summary>The text of everything that runs; what kinds of it there are, others say.</summary>
    public static void MapOutput(this IEndpointRouteBuilder endpoints)
    {
        MapText<Job>(endpoints);
        MapText<AdHocCommand>(endpoints);
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
