namespace ContainerGroups.Host.Hosting;

/// <summary>
/// Where settings come from, later ones winning: the defaults inside the executable, <c>appsettings.json</c> beside it, the one in
/// the working directory, variables that begin with <c>CG_</c>, options.
/// </summary>
internal static class ConfigurationSources
{
    private const string FileName = "appsettings.json";

    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["--data"] = ConfigurationKeys.Data,
        ["--urls"] = ConfigurationKeys.Urls,
        ["--instance"] = ConfigurationKeys.Instance,
    };

    public static void AddTo(IConfigurationManager configuration, string[] args)
    {
        configuration.AddJsonStream(Defaults());
        foreach (var file in new[] { Path.Combine(AppContext.BaseDirectory, FileName), Path.GetFullPath(FileName) }.Distinct(StringComparer.Ordinal))
        {
            configuration.AddJsonFile(file, optional: true, reloadOnChange: false);
        }

        configuration.Add(new EnvironmentSource(Environment.GetEnvironmentVariables()));
        configuration.AddCommandLine(args, Options);
        configuration[ConfigurationKeys.Data] = DataPath(configuration);
    }

    /// <summary>Every setting with its default.</summary>
    public static Stream Defaults() => typeof(ConfigurationSources).Assembly.GetManifestResourceStream(FileName)
        ?? throw new InvalidOperationException($"The build left out the resource {FileName}.");

    /// <summary>Settles <c>Data</c> once, so that nobody else has to know the rule: systemd's directory counts when no other is named.</summary>
    private static string DataPath(IConfiguration configuration)
    {
        var path = configuration[ConfigurationKeys.Data];
        if (string.IsNullOrWhiteSpace(path))
        {
            // systemd gives several as a list; the first is the service's own.
            path = Environment.GetEnvironmentVariable("STATE_DIRECTORY")?.Split(':')[0];
        }

        return Path.GetFullPath(string.IsNullOrWhiteSpace(path) ? "data" : path);
    }
}
