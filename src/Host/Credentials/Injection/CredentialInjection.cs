using System.Text.Json.Nodes;

namespace ContainerGroups.Host.Credentials.Injection;

/// <summary>What one credential puts into a job. Everything but <see cref="ShownEnvironment"/> may be secret.</summary>
internal sealed class CredentialInjection
{
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>The same variables with the secret values masked.</summary>
    public Dictionary<string, string> ShownEnvironment { get; } = new(StringComparer.Ordinal);

    public JsonObject ExtraVars { get; } = [];

    /// <summary>Contents by id.</summary>
    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);
}
