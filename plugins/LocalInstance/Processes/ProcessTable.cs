using System.Globalization;
using System.Text;
using ContainerGroups.Abstractions.Supervision;

namespace ContainerGroups.LocalInstance.Processes;

/// <summary>Reads what runs on this machine from <c>/proc</c>.</summary>
internal static class ProcessTable
{
    private static readonly Lazy<string> LazyBootId = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    private static string BootId => LazyBootId.Value;

    /// <summary>Whether that very process still runs. One that has ended and waits to be reaped does not.</summary>
    public static bool IsAlive(ProcessIdentity process) =>
        process.BootId == BootId && ReadStat(process.Id) is { } stat && stat.StartTime == process.StartTime;

    /// <summary>Finds every process of an environment: those that carry one of its markers, and the members of its program's process
    /// group and session as long as their leader proves that the id was not given to somebody else meanwhile.</summary>
    public static IReadOnlyList<ProcessIdentity> Find(string directory, StartRecord? start, bool withSupervisor)
    {
        var program = start?.Program is { } candidate && candidate.BootId == BootId ? candidate : null;
        var leader = program is not null && ReadStat(program.Id, withZombies: true)?.StartTime == program.StartTime ? program.Id : 0;
        // Nothing that the program started is older than itself; that spares reading most of the machine's processes.
        var oldest = withSupervisor ? start?.Supervisor?.StartTime : program?.StartTime;
        byte[][] markers = withSupervisor
            ? [Marker(Supervisor.MarkerVariable, directory), Marker(Supervisor.SupervisorMarkerVariable, directory)]
            : [Marker(Supervisor.MarkerVariable, directory)];
        List<ProcessIdentity> found = [];
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ReadStat(id) is { } stat
                && !(program is not null && stat.StartTime < oldest)
                && ((leader != 0 && (stat.Group == leader || stat.Session == leader)) || CarriesMarker(id, markers)))
            {
                found.Add(new ProcessIdentity { Id = id, StartTime = stat.StartTime, BootId = BootId });
            }
        }

        return found;
    }

    private static byte[] Marker(string variable, string directory) => Encoding.UTF8.GetBytes($"{variable}={directory}/");

    private static bool CarriesMarker(int id, byte[][] markers)
    {
        var environment = ReadFile($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/environ").AsSpan();
        foreach (var range in environment.Split((byte)0))
        {
            foreach (var marker in markers)
            {
                if (environment[range].SequenceEqual(marker))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static Stat? ReadStat(int id, bool withZombies = false)
    {
        // "ID (NAME) STATE PARENT GROUP SESSION …"; the name may hold anything, so the fields are counted from its last parenthesis.
        var text = Encoding.Latin1.GetString(ReadFile($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat"));
        var end = text.LastIndexOf(')');
        if (end < 0)
        {
            return null;
        }

        var fields = text[(end + 2)..].Split(' ');
        return fields.Length > 19
            && (withZombies || fields[0] is not ("Z" or "X"))
            && int.TryParse(fields[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var group)
            && int.TryParse(fields[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var session)
            && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var startTime)
                ? new Stat(group, session, startTime)
                : null;
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or belongs to somebody else.
            return [];
        }
    }

    private sealed record Stat(int Group, int Session, long StartTime);
}
