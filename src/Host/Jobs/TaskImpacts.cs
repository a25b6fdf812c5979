using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>The forks that a job takes of the capacity, by AWX's formula (awx/main/models/jobs.py, task_impact).</summary>
internal static class TaskImpacts
{
    /// <summary>Ansible's own number of forks when none is given.</summary>
    private const int DefaultForks = 5;

    /// <param name="jobType">One of <see cref="JobTypes"/>.</param>
    /// <param name="hosts">The inventory's hosts; null without an inventory.</param>
    /// <param name="forks">As asked for; 0 for the default.</param>
    public static int Of(string jobType, int? hosts, int forks)
    {
        if (jobType == JobTypes.Command)
        {
            return 1;
        }

        var wanted = forks > 0 ? forks : DefaultForks;
        return Math.Min(hosts ?? wanted, wanted) + 1;
    }
}
