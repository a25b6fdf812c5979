using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Plugins;

internal static class PluginsModule
{
    /// <summary>Adds the <see cref="PluginCatalog"/>, empty until <see cref="PluginCatalog.LoadAsync"/> is called, and what keeps it up to date
    /// while the server runs.</summary>
    public static IServiceCollection AddPlugins(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PluginsOptions>()
            .Bind(configuration.GetSection(PluginsOptions.Section))
            .Validate(options => options.RegisterTimeout > TimeSpan.Zero, "Plugins:RegisterTimeout must be longer than nothing.")
            .Validate(options => !options.Directories.Any(string.IsNullOrWhiteSpace), "Plugins:Directories must not have empty entries.")
            .ValidateOnStart();
        services.AddOptions<PluginTrustOptions>().Bind(configuration.GetSection(PluginTrustOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PluginTrustOptions>, PluginTrustValidation>();
        services.AddSingleton(_ => new BuiltInPlugins(EmbeddedPlugin.All()));
        return services.AddSingleton<PluginTrust>()
            .AddSingleton<PluginAdmission>()
            .AddSingleton<PluginActivation>()
            .AddSingleton<PluginCatalog>()
            .AddSingleton<PluginHost>()
            .AddSingleton<PluginStatusStore>()
            .AddHostedService<PluginWatch>();
    }
}
