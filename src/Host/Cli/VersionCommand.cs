using System.CommandLine;
using System.Reflection;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Cli;

/// <summary><c>version</c>: of the server and of the contract that plugins are built against.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Prints the version.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine($"containergroups {Version} (plugin contract {ContractVersion.Current})"));
        return command;
    }

    private static string Version =>
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
