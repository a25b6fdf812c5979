using System.Globalization;
using ContainerGroups.Abstractions;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.LocalInstance.Files;

namespace ContainerGroups.LocalInstance;

/// <summary>Looks whether a job could run on this machine now.</summary>
internal sealed class HealthCheck(RunDirectories directories)
{
    private const long LeastFreeBytes = 64L * 1024 * 1024;

    public BackendHealth Run(BackendTarget target)
    {
        try
        {
            var user = LocalInstanceSettings.User(target);
            var missing = MissingTools(user is null ? Supervisor.RequiredTools : [.. Supervisor.RequiredTools, .. Supervisor.RequiredUserTools]);
            if (missing.Count > 0)
            {
                return Unhealthy($"This machine lacks {string.Join(", ", missing)}; install coreutils, grep and util-linux.");
            }

            var parent = directories.EnsureBase(target, user);
            var probe = Path.Combine(parent, $".probe.{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            var free = new DriveInfo(parent).AvailableFreeSpace;
            var details = new Dictionary<string, string>
            {
                ["directory"] = parent,
                ["free_bytes"] = free.ToString(CultureInfo.InvariantCulture),
            };
            return free < LeastFreeBytes
                ? Unhealthy($"Only {free / 1024 / 1024} MiB are free in {parent}; free some space.") with { Details = details }
                : new BackendHealth { Healthy = true, Message = "Jobs can run on this machine.", Details = details };
        }
        catch (BackendException exception)
        {
            return Unhealthy(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unhealthy($"The directory for jobs can't be used: {exception.Message}");
        }
    }

    private static BackendHealth Unhealthy(string message) => new() { Healthy = false, Message = message };

    private static List<string> MissingTools(IEnumerable<string> tools)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return tools.Prepend("sh").Where(tool => !path.Any(directory => File.Exists(Path.Combine(directory, tool)))).ToList();
    }
}
