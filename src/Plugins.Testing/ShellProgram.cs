using System.Globalization;
using System.Text;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Plugins.Testing;

/// <summary>Real programs that behave as asked, for backends that run real processes: a POSIX shell and a file of the payload.</summary>
public static class ShellProgram
{
    private const string OutputFile = "output.bin";

    /// <summary>Makes the request that runs such a program.</summary>
    public static StartRequest Describe(ProgramBehaviour behaviour)
    {
        var script = new StringBuilder();
        if (behaviour.IgnoresPoliteSignal)
        {
            script.Append("trap '' TERM\n");
        }

        script.Append(CultureInfo.InvariantCulture, $"n=0; while [ $n -lt {behaviour.Repetitions} ]; do cat {OutputFile}; n=$((n + 1)); done\n");
        if (behaviour.PrintedVariable is { } variable)
        {
            script.Append(CultureInfo.InvariantCulture, $"printf %s \"${variable}\"\n");
        }

        if (behaviour.LeavesChild)
        {
            script.Append("sleep 3600 &\n");
        }

        if (behaviour.RunsUntilCanceled)
        {
            script.Append(behaviour.IgnoresPoliteSignal ? "while :; do sleep 3600; done\n" : "exec sleep 3600\n");
        }

        if (behaviour.Signal is { } signal)
        {
            script.Append(CultureInfo.InvariantCulture, $"kill -{signal} $$\n");
        }

        script.Append(CultureInfo.InvariantCulture, $"exit {behaviour.ExitCode}\n");
        return new StartRequest
        {
            Command = ["sh", "-c", script.ToString()],
            Payload = TarPayload.Of((OutputFile, behaviour.Output)),
        };
    }
}
