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
    public static IReadOnlyList<ProcessIdentity> Find(string directory, ProcessIdentity? program, bool withSupervisor)
    {
        var leader = program is not null && program.BootId == BootId && LeaderIsOurs(program) ? program.Id : 0;
        var markers = new List<byte[]> { Marker(Supervisor.MarkerVariable, directory) };
        if (withSupervisor)
        {
            markers.Add(Marker(Supervisor.SupervisorMarkerVariable, directory));
        }

        List<ProcessIdentity> found = [];
        foreach (var entry in new DirectoryInfo("/proc").EnumerateDirectories())
        {
            if (int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ReadStat(id) is { } stat
                && ((leader != 0 && (stat.Group == leader || stat.Session == leader)) || CarriesMarker(id, markers, withSupervisor)))
            {
                found.Add(new ProcessIdentity { Id = id, StartTime = stat.StartTime, BootId = BootId });
            }
        }

        return found;
    }

    private static bool LeaderIsOurs(ProcessIdentity program) => ReadStat(program.Id, withZombies: true) is { } stat && stat.StartTime == program.StartTime;

    private static byte[] Marker(string variable, string directory) => Encoding.UTF8.GetBytes($"{variable}={directory}/");

    private static bool CarriesMarker(int id, List<byte[]> markers, bool withSupervisor)
    {
        var environment = ReadFile($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/environ").AsSpan();
        var isSupervisor = false;
        var isProgram = false;
        foreach (var range in environment.Split((byte)0))
        {
            var variable = environment[range];
            isProgram |= variable.SequenceEqual(markers[0]);
            isSupervisor |= withSupervisor && variable.SequenceEqual(markers[1]);
        }

        return isProgram || isSupervisor;
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
