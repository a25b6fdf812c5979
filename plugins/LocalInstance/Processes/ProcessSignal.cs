using System.Runtime.InteropServices;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.LocalInstance.Linux;

namespace ContainerGroups.LocalInstance.Processes;

/// <summary>Sends signals to that very process and to no other that got its id.</summary>
internal static class ProcessSignal
{
    public const int Kill = 9;
    public const int Terminate = 15;

    public static void Send(ProcessIdentity process, int signal)
    {
        // The descriptor holds the process fast: what is found alive after it was opened is what gets the signal.
        var descriptor = Libc.OpenProcess(process.Id);
        if (descriptor < 0)
        {
            if (Marshal.GetLastPInvokeError() is Libc.NotImplemented or Libc.NotPermitted && ProcessTable.IsAlive(process))
            {
                _ = Libc.Kill(process.Id, signal);
            }

            return;
        }

        try
        {
            if (ProcessTable.IsAlive(process))
            {
                _ = Libc.SendSignal(descriptor, signal);
            }
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }
}
