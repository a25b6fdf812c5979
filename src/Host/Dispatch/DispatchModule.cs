namespace ContainerGroups.Host.Dispatch;

internal static class DispatchModule
{
    public static IServiceCollection AddDispatch(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DispatchOptions>().Bind(configuration.GetSection(DispatchOptions.Section))
            .Validate(o => o.ClaimBatch is > 0 and <= 1000, "Dispatch:ClaimBatch has to be between 1 and 1000.")
            .Validate(o => o.MaxAttempts > 0, "Dispatch:MaxAttempts has to be at least 1.")
            .Validate(
                o => o.RetryDelay > TimeSpan.Zero && o.SafetyPeriod > TimeSpan.Zero && o.SweepPeriod > TimeSpan.Zero,
                "Dispatch:RetryDelay, Dispatch:SafetyPeriod and Dispatch:SweepPeriod have to be longer than nothing.")
            .ValidateOnStart();
        services.AddSingleton<LedgerReader>();
        services.AddSingleton<JobClaims>();
        services.AddSingleton<JobImages>();
        services.AddSingleton<PersistentCalls>();
        services.AddSingleton<OutputCopier>();
        services.AddSingleton<JobStart>();
        services.AddSingleton<JobFollow>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<RunnerFaults>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobReconciler>();
        services.AddSingleton<BlockedJobs>();
        services.AddHosted<EnvironmentDestroyer>();
        services.AddHosted<JobRunners>();
        services.AddHosted<JobDispatcher>();
        services.AddHosted<JobCancellations>();
        services.AddHosted<BlockedJobsWatch>();
        services.AddHosted<EnvironmentSweeper>();
        return services;
    }

    /// <summary>One instance, both hosted and injectable. They start in the order of registration and stop in the reverse one.</summary>
    private static void AddHosted<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
