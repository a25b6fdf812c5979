using System.Runtime.InteropServices;
using System.Text;
using ContainerGroups.Kubernetes.Simulation.Pods;

namespace ContainerGroups.Kubernetes.Simulation.Exec;

/// <summary>
/// The processes of pods on this machine: those that carry the pod's mark in their environment, and those of sessions that such a
/// process leads. Nothing else is ever ended.
/// </summary>
internal sealed class PodProcesses
{
    public const string Mark = "CG_SIMULATED_POD";

    private const int Kill9 = 9;
    private const int Rounds = 200;

    /// <summary>Ends them all; none is alive when it returns.</summary>
    public void Kill(StoredPod pod)
    {
        if (!pod.HasProcesses)
        {
            return;
        }

        var mark = Encoding.ASCII.GetBytes($"{Mark}={pod.Uid}\0");
        for (var round = 0; round < Rounds; round++)
        {
            var alive = Alive(mark);
            if (alive.Count == 0)
            {
                return;
            }

            foreach (var process in alive)
            {
                _ = kill(process, Kill9);
            }
        }
    }

    /// <summary>How many of a pod's processes are alive.</summary>
    public static int Count(string uid) => Alive(Encoding.ASCII.GetBytes($"{Mark}={uid}\0")).Count;

    private static HashSet<int> Alive(byte[] mark)
    {
        var processes = new List<(int Id, int Session, bool Marked)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), out var id) && SessionOf(id) is { } session)
            {
                processes.Add((id, session, IsMarked(id, mark)));
            }
        }

        var marked = processes.Where(process => process.Marked).Select(process => process.Id).ToHashSet();
        return [.. processes.Where(process => process.Marked || marked.Contains(process.Session)).Select(process => process.Id)];
    }

    /// <returns>Null for a process that is gone, or ended and not yet waited for.</returns>
    private static int? SessionOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            // After the name, which may hold anything: state, parent, group, session.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 5);
            return fields[0] is "Z" or "X" ? null : int.Parse(fields[3]);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsMarked(int process, byte[] mark)
    {
        try
        {
            var environment = File.ReadAllBytes($"/proc/{process}/environ");
            var at = environment.AsSpan().IndexOf(mark);
            return at == 0 || (at > 0 && environment[at - 1] == 0);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

#pragma warning disable IDE1006, SYSLIB1054 // The C library's own name; no unsafe code for one call.
    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
#pragma warning restore IDE1006, SYSLIB1054
}
