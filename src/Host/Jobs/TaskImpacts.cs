using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>The forks that a job takes of the capacity, by AWX's formula (awx/main/models/jobs.py and ad_hoc_commands.py, task_impact).</summary>
internal static class TaskImpacts
{
    /// <summary>Ansible's own number of forks when none is given; AWX takes as many hosts for granted where it knows of none.</summary>
    private const int DefaultForks = 5;

    /// <param name="job">Of it, what it is and its forks.</param>
    /// <param name="hosts">The inventory's hosts; null without an inventory.</param>
    public static int Of(Job job, int? hosts)
    {
        if (job.JobType == JobTypes.Command)
        {
            return 1;
        }

        var wanted = job.Forks > 0 ? job.Forks : DefaultForks;
        var unknown = job is AdHocCommand ? DefaultForks : wanted;
        return Math.Min(hosts ?? unknown, wanted) + 1;
    }
}
