using ContainerGroups.Host.Ansible;

namespace ContainerGroups.Host.Cli;

/// <summary>Which server to talk to, and as whom: options and variables, read.</summary>
internal sealed record ConnectionSettings
{
    public required string DataDirectory { get; init; }

    /// <summary>A server's address; null for the one that serves the data directory, which is started when there is none.</summary>
    public string? Server { get; init; }

    public string? CaFile { get; init; }

    public bool Insecure { get; init; }

    public string? Token { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>What a user has to add to a command so that it finds the same server again.</summary>
    public string AsArguments => Server is null
        ? ShellWords.Join(["--data", DataDirectory])
        : ShellWords.Join(["--server", Server, .. CaFile is null ? Array.Empty<string>() : ["--ca", CaFile], .. Insecure ? ["--insecure"] : Array.Empty<string>()]);
}
