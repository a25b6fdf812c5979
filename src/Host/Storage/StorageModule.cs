using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ContainerGroups.Host.Storage;

/// <summary>Registers the store: <c>IDbContextFactory&lt;AppDb&gt;</c> and what stands around it.</summary>
internal static class StorageModule
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new DataDirectory(DataDirectory.PathFrom(configuration)));
        services.AddSingleton(provider => Database.From(configuration, provider.GetRequiredService<DataDirectory>().Root));
        services.AddPooledDbContextFactory<AppDb>((provider, options) =>
            provider.GetRequiredService<Database>().Configure(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<KeptContexts>();
        services.TryAddSingleton(HostIdentity.From(configuration));
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<DatabaseRetry>(provider, provider.GetRequiredService<KeptContexts>()));
        services.AddSingleton<DatabaseMigration>();
        services.AddSingleton<InstallationIdentity>();
        services.AddSingleton<HostProcesses>();
        services.AddSingleton<WakeUps>();
        services.AddSingleton<DatabaseStartup>();
        services.AddHostedService<HostHeartbeat>();
        services.AddHostedService<PostgresWakeUps>();
        return services;
    }
}
