using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.LocalInstance.Linux;

namespace ContainerGroups.LocalInstance.Files;

/// <summary>Where the run directories of this installation are, and which there are.</summary>
internal sealed class RunDirectories(PluginContext context)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const string MadeFile = "made";

    /// <summary>The server's data directory is closed to everybody else, so jobs of another user need a place beside it.</summary>
    private const string UsersBase = "/var/lib/containergroups-jobs";

    /// <summary>The directory below which a target's environments are; may not exist yet.</summary>
    public string BaseFor(BackendTarget target) => Path.GetFullPath(
        LocalInstanceSettings.BaseDirectory(target)
        ?? (LocalInstanceSettings.User(target) is null
            ? Path.Combine(context.DataDirectory, "runs")
            : Path.Combine(UsersBase, context.InstallationId)));

    /// <summary>Makes the directory of an attempt, or finds it.</summary>
    public RunDirectory Make(ProvisionRequest request)
    {
        var user = LocalInstanceSettings.User(request.Target);
        var name = new EnvironmentName(context.InstallationId, request.JobId, request.Attempt);
        try
        {
            var directory = new RunDirectory(Path.Combine(EnsureBase(request.Target, user), name.ToString()));
            // Another user may pass through to the work directory, and read nothing here.
            Directory.CreateDirectory(directory.Path, user is null ? Private : Passable);
            AtomicFile.WriteOnce(directory.File(MadeFile), "");
            directory.PrepareCanceledRecord();
            AtomicFile.WriteOnce(directory.File(Supervisor.ScriptFile), Supervisor.Script);
            return directory;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.ToBackendException(exception, $"The directory for the job {request.JobId} can't be made");
        }
    }

    public IReadOnlyList<EnvironmentListing> List(BackendTarget target)
    {
        var parent = BaseFor(target);
        List<EnvironmentListing> listings = [];
        try
        {
            foreach (var path in Directory.EnumerateDirectories(parent))
            {
                if (EnvironmentName.Parse(Path.GetFileName(path), context.InstallationId) is { } name)
                {
                    listings.Add(ToListing(new RunDirectory(path), name));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.ToBackendException(exception, $"The directory {parent} can't be listed");
        }

        return listings;
    }

    /// <summary>Makes the directory below which a target's environments are.</summary>
    /// <exception cref="BackendException">The user that jobs run as can't come there.</exception>
    public string EnsureBase(BackendTarget target, UserAccount? user)
    {
        var parent = BaseFor(target);
        if (!Directory.Exists(parent))
        {
            Directory.CreateDirectory(parent, user is null ? Private : Passable);
        }

        for (var step = parent; user is not null && step is not null; step = Path.GetDirectoryName(step))
        {
            if ((File.GetUnixFileMode(step) & UnixFileMode.OtherExecute) == 0)
            {
                throw new BackendException(
                    BackendFailureReason.InvalidSettings,
                    $"Jobs shall run as {user.Name} below {parent}, but {step} lets only its owner pass; "
                    + $"choose another directory or allow it with chmod o+x {step}.");
            }
        }

        return parent;
    }

    private static EnvironmentListing ToListing(RunDirectory directory, EnvironmentName name)
    {
        // A directory's own time changes with every file in it; without the file the server was killed right after making it.
        var made = new FileInfo(directory.File(MadeFile));
        var time = made.Exists ? made.LastWriteTimeUtc : Directory.GetLastWriteTimeUtc(directory.Path);
        return new EnvironmentListing
        {
            Handle = directory.ToHandle(),
            JobId = name.JobId,
            Attempt = name.Attempt,
            CreatedAt = new DateTimeOffset(time, TimeSpan.Zero),
        };
    }
}
