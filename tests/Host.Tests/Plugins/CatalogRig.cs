using ContainerGroups.Host.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContainerGroups.Host.Tests.Plugins;

/// <summary>A catalogue made as the server makes it, with a data directory of its own.</summary>
internal sealed class CatalogRig : IDisposable
{
    private readonly ServiceProvider _services;

    public CatalogRig(IEnumerable<string> directories, params (string Key, string Value)[] settings)
        : this(TimeProvider.System, directories, settings)
    {
    }

    public CatalogRig(TimeProvider clock, IEnumerable<string> directories, params (string Key, string Value)[] settings)
        : this(clock, directories, [], settings)
    {
    }

    /// <param name="clock">The clock.</param>
    /// <param name="directories">The plugin directories.</param>
    /// <param name="builtIn">Plugins that the executable is to carry.</param>
    /// <param name="settings">Settings below <c>Plugins</c>.</param>
    public CatalogRig(
        TimeProvider clock, IEnumerable<string> directories, IReadOnlyList<PluginFiles> builtIn, params (string Key, string Value)[] settings)
    {
        var values = directories.Select((directory, i) => KeyValuePair.Create($"Plugins:Directories:{i}", (string?)directory))
            .Concat(settings.Select(setting => KeyValuePair.Create($"Plugins:{setting.Key}", (string?)setting.Value)));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(clock)
            .AddLogging(logging => logging.AddProvider(Log))
            .AddPlugins(configuration)
            .AddSingleton(new BuiltInPlugins(builtIn))
            .BuildServiceProvider();
        Catalog = _services.GetRequiredService<PluginCatalog>();
    }

    public PluginCatalog Catalog { get; }

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("cg-plugins-").FullName;

    public RecordingLog Log { get; } = new();

    public Task LoadAsync(string installationId = "test-installation") => Catalog.LoadAsync(Host(installationId), CancellationToken.None);

    /// <summary>What the running server does when a folder has changed: looks until nothing moves any more.</summary>
    public async Task RefreshAsync()
    {
        while (await LookAsync())
        {
        }
    }

    /// <summary>One look; true when something may still be in the middle of a copy.</summary>
    public Task<bool> LookAsync() => Catalog.RefreshAsync(Host("test-installation"), CancellationToken.None);

    public Task<PluginInfo> TryAsync(string folder) => Catalog.TryFolderAsync(folder, Host("plugin-check"), CancellationToken.None);

    private PluginHostContext Host(string installationId) => new() { InstallationId = installationId, DataDirectory = DataDirectory };

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
    }

    /// <summary>Keeps what was logged.</summary>
    internal sealed class RecordingLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add($"{logLevel}: {formatter(state, exception)}");
            }
        }

        public void Dispose()
        {
        }
    }
}
