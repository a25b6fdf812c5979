using System.CommandLine;

namespace ContainerGroups.Host.Cli;

/// <summary>The commands of the executable. Without a command it serves.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Runs automation jobs in Kubernetes pods and on always-on instances.");
        var serve = new ServeCommand();
        serve.AddTo(root);
        root.Subcommands.Add(serve.Command);
        return root.Parse(args).InvokeAsync(new InvocationConfiguration
        {
            // The server handles its own signals; a second handler would end the process under it.
            ProcessTerminationTimeout = null,
        });
    }
}
