using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.LocalInstance.Linux;
using ContainerGroups.LocalInstance.Processes;

namespace ContainerGroups.LocalInstance.Files;

/// <summary>The directory that is an environment, read as it stands: whatever was killed when, its files say what is so.</summary>
internal sealed class RunDirectory(string path)
{
    private const int HandleVersion = 1;
    private const string PathKey = "directory";
    private const string CanceledFile = "canceled";

    /// <summary>The directory's absolute path.</summary>
    public string Path { get; } = path;

    public string Name => System.IO.Path.GetFileName(Path);

    public bool Exists => Directory.Exists(Path);

    public string Spool => File(Supervisor.SpoolFile);

    public string Work => File(Supervisor.WorkDirectory);

    /// <exception cref="BackendException">The handle is of a kind that this version does not know.</exception>
    public static RunDirectory Of(EnvironmentHandle handle)
    {
        if (handle.Version == HandleVersion)
        {
            try
            {
                if (JsonNode.Parse(handle.Data)?[PathKey]?.GetValue<string>() is { } path && System.IO.Path.IsPathFullyQualified(path))
                {
                    return new RunDirectory(path);
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // Told below, as for a handle of another version.
            }
        }

        throw new BackendException(
            BackendFailureReason.EnvironmentLost,
            $"What was stored about the environment {handle.Name} can't be read by this version of the plugin (version {handle.Version}); "
            + "use the version that made it.");
    }

    public EnvironmentHandle ToHandle() => new()
    {
        Name = Name,
        Version = HandleVersion,
        Data = new JsonObject { [PathKey] = Path }.ToJsonString(),
    };

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public StartRecord? ReadStart() => ReadText(Supervisor.StartFile) is { } text
        ? StartRecord.Parse(text) ?? throw Unreadable(Supervisor.StartFile)
        : null;

    /// <summary>How the program ended; null while that is not known.</summary>
    public ExitRecord? ReadExit() => ReadText(Supervisor.ExitFile) is { } text
        ? ExitRecord.Parse(text) ?? throw Unreadable(Supervisor.ExitFile)
        : null;

    /// <summary>How the program ended, or was kept from ever starting; null while it has not.</summary>
    public JobExit? FindEnd()
    {
        if (ReadExit() is { } exit)
        {
            return exit.ToJobExit();
        }

        return ReadStart() is { Canceled: true } ? ExitRecord.CanceledBeforeStart : null;
    }

    /// <summary>What has become of the environment, including whether its processes still live.</summary>
    public EnvironmentState GetState()
    {
        if (!Exists)
        {
            return EnvironmentState.Lost;
        }

        if (ReadStart() is not { } start)
        {
            return EnvironmentState.NotStarted;
        }

        if (start.Canceled || ReadExit() is not null)
        {
            return EnvironmentState.Exited;
        }

        // Without its supervisor a program goes on to its end, for half a playbook is worse than one whose end is not known.
        if (ProcessTable.IsAlive(start.Supervisor!) || ProcessTable.IsAlive(start.Program!))
        {
            return EnvironmentState.Running;
        }

        // The record may have come between the two looks.
        return ReadExit() is not null ? EnvironmentState.Exited : EnvironmentState.Lost;
    }

    /// <summary>Keeps a program that was not started from ever starting. False when it was started already, or is gone.</summary>
    public bool TryForbidStart()
    {
        PrepareCanceledRecord();
        return Link(File(CanceledFile), Supervisor.StartFile);
    }

    /// <summary>Makes the record that forbids the start under another name, so that a link suffices later, even on a full disk.</summary>
    public void PrepareCanceledRecord() => AtomicFile.WriteOnce(File(CanceledFile), StartRecord.CanceledText);

    /// <summary>Tells the supervisor that the program is being stopped. Needs no room on the disk.</summary>
    public void MarkStopping() => Link(File(Supervisor.StartFile), Supervisor.StoppingFile);

    private bool Link(string existing, string name) => Libc.Link(existing, File(name)) == 0;

    private string? ReadText(string name)
    {
        try
        {
            return System.IO.File.ReadAllText(File(name));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.ToBackendException(exception, $"The {name} record of the environment {Name} can't be read");
        }
    }

    private BackendException Unreadable(string name) => new(
        BackendFailureReason.EnvironmentLost,
        $"The {name} record of the environment {Name} is damaged, so nobody knows how the program ended.");
}
