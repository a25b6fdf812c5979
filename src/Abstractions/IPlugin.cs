namespace ContainerGroups.Abstractions;

/// <summary>The one entry point of a plugin. Its assembly has exactly one public, parameterless class that implements this.</summary>
public interface IPlugin
{
    /// <summary>
    /// Hands over everything that the plugin offers. Called once, before anything that it registers is used, on any thread.
    /// It must not do I/O that can block: a server start waits for it. An exception makes the plugin <c>malfunctioned</c>,
    /// shown with the exception's message, and nothing that it registered is used.
    /// </summary>
    /// <param name="registry">Takes what the plugin offers; not to be kept after the call.</param>
    /// <param name="context">What the host gives; may be kept.</param>
    void Register(IPluginRegistry registry, PluginContext context);
}

/// <summary>Takes what a plugin offers. Valid during <see cref="IPlugin.Register"/> only.</summary>
public interface IPluginRegistry
{
    /// <summary>Offers a way to run jobs.</summary>
    /// <exception cref="ArgumentException">Another plugin, or this one, already offers a backend of that name.</exception>
    void AddExecutionBackend(IExecutionBackend backend);

    /// <summary>Offers a kind of secret.</summary>
    /// <exception cref="ArgumentException">Another plugin, or this one, already offers a type of that namespace.</exception>
    void AddCredentialType(ICredentialType type);
}

/// <summary>What the host gives a plugin.</summary>
public sealed record PluginContext
{
    /// <summary>The plugin's id, from its <c>plugin.json</c>.</summary>
    public required string PluginId { get; init; }

    /// <summary>Names this installation of the server among all others; stable for its life. Environments carry it, so that
    /// one installation never touches another's. Lower-case letters, digits and hyphens, at most 36 characters.</summary>
    public required string InstallationId { get; init; }

    /// <summary>A directory for the plugin's own files, made before the call (mode 0700), kept across restarts.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The values under <c>Plugins:Settings:&lt;id&gt;</c> of the server's configuration, by key; a nested key is written
    /// with colons. Absent means that the operator did not set it.</summary>
    public required IReadOnlyDictionary<string, string> Configuration { get; init; }

    /// <summary>Where the plugin writes what an operator should know. Never write a secret to it.</summary>
    public required IPluginLog Log { get; init; }

    /// <summary>The clock. Plugins take the time and make timers from it only, so that tests can move it.</summary>
    public required TimeProvider Clock { get; init; }
}

/// <summary>How much a log line matters.</summary>
public enum PluginLogLevel
{
    /// <summary>For the plugin's developer; off by default.</summary>
    Debug,

    /// <summary>The normal course of things.</summary>
    Information,

    /// <summary>Something an operator should look at; work goes on.</summary>
    Warning,

    /// <summary>Something failed.</summary>
    Error,
}

/// <summary>Writes to the server's log under the plugin's id. Safe for any thread; never throws.</summary>
public interface IPluginLog
{
    /// <summary>Writes one line.</summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="message">The line, without secrets.</param>
    /// <param name="exception">What caused it, where something did.</param>
    void Write(PluginLogLevel level, string message, Exception? exception = null);
}
