using System.CommandLine;
using ContainerGroups.Host.Hosting;

namespace ContainerGroups.Host.Cli;

/// <summary>Which server a command talks to, and as whom.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = "The data directory of the embedded server, or of the one that already serves it (CG_DATA; ./data).",
        HelpName = "DIR",
    };

    private readonly Option<string?> _server = new("--server")
    {
        Description = "Talk to this server (CG_SERVER), with CG_TOKEN, or CG_USERNAME and CG_PASSWORD.",
        HelpName = "URL",
    };

    private readonly Option<string?> _ca = new("--ca") { Description = "Trust the certificates in this PEM file only (CG_CA).", HelpName = "FILE" };

    private readonly Option<bool> _insecure = new("--insecure") { Description = "Don't verify the server's certificate (CG_INSECURE=true)." };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_server);
        command.Options.Add(_ca);
        command.Options.Add(_insecure);
    }

    public ConnectionSettings Read(ParseResult parsed)
    {
        var args = parsed.GetValue(_data) is { } data ? ["--data", data] : Array.Empty<string>();
        using var configuration = new ConfigurationManager();
        ConfigurationSources.AddTo(configuration, args);
        return new ConnectionSettings
        {
            DataDirectory = configuration[ConfigurationKeys.Data]!,
            Server = parsed.GetValue(_server) ?? NullIfEmpty(configuration["Server"]),
            CaFile = parsed.GetValue(_ca) ?? NullIfEmpty(configuration["Ca"]),
            Insecure = parsed.GetValue(_insecure) || (bool.TryParse(configuration["Insecure"], out var insecure) && insecure),
            Token = NullIfEmpty(configuration["Token"]),
            Username = NullIfEmpty(configuration["Username"]),
            Password = NullIfEmpty(configuration["Password"]),
        };
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
