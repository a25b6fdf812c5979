namespace ContainerGroups.Host.Plugins;

internal static class PluginsModule
{
    /// <summary>Adds the <see cref="PluginCatalog"/>, empty until <see cref="PluginCatalog.LoadAsync"/> is called.</summary>
    public static IServiceCollection AddPlugins(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PluginsOptions>()
            .Bind(configuration.GetSection(PluginsOptions.Section))
            .Validate(options => options.RegisterTimeout > TimeSpan.Zero, "Plugins:RegisterTimeout must be longer than nothing.")
            .Validate(options => !options.Directories.Any(string.IsNullOrWhiteSpace), "Plugins:Directories must not have empty entries.")
            .ValidateOnStart();
        return services.AddSingleton<PluginCatalog>();
    }
}
