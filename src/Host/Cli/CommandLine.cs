using System.CommandLine;
using ContainerGroups.Host.Hosting;

namespace ContainerGroups.Host.Cli;

/// <summary>The commands of the executable. Without a command it serves.</summary>
internal static class CommandLine
{
    // An argument that begins with @ is a file of variables, not one of options.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    // Commands handle signals themselves: the server stops gracefully, a run cancels its job.
    private static readonly InvocationConfiguration Invocation = new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args, Parsing);
        var exitCode = await parsed.InvokeAsync(Invocation);
        return parsed.Errors.Count > 0 ? ExitCodes.BadRequest : exitCode;
    }

    /// <summary>Runs a command's action: what a user can set right is one sentence, not a stack trace.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (CliException e)
        {
            return Fail(e.ExitCode, e.Message);
        }
        catch (ServerUnreachableException e)
        {
            return Fail(ExitCodes.NoServer, e.Message);
        }
        catch (ApiRefusedException e)
        {
            return Fail(ExitCodes.BadRequest, $"The server refuses it: {e.Message}");
        }
        catch (Exception e) when (StartupFailure.Sentence(e) is { } sentence)
        {
            return Fail(ExitCodes.NoServer, sentence);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Canceled;
        }
        catch (Exception e)
        {
            return Fail(ExitCodes.OurFault, $"this should not have happened, please report it: {e}");
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Runs automation jobs in Kubernetes pods and on always-on instances.");
        var serve = new ServeCommand();
        serve.AddTo(root);
        root.Subcommands.Add(serve.Command);
        root.Subcommands.Add(new RunCommand().Create());
        root.Subcommands.Add(new AttachCommand().Create());
        root.Subcommands.Add(new PluginCommand().Create());
        root.Subcommands.Add(new RotateKeyCommand().Create());
        root.Subcommands.Add(VersionCommand.Create());
        return root;
    }

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"containergroups: {message}");
        return exitCode;
    }
}
