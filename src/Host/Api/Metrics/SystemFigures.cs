using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Api.Metrics;

/// <summary>The figures of the installation under AWX's names. Each comes from an index or a small table: they are asked for all the time.</summary>
internal sealed class SystemFigures(InstallationIdentity installation)
{
    public async Task<IReadOnlyList<MetricFamily>> ReadAsync(AppDb db, CancellationToken cancellationToken) =>
        [About(), .. await CountsAsync(db, cancellationToken), .. await JobsAsync(db, cancellationToken), .. await InstancesAsync(db, cancellationToken)];

    private MetricFamily About() => new("awx_system_info", "AWX System Information",
    [
        new MetricSample(
            [
                ("external_logger_enabled", "False"), ("external_logger_type", "None"), ("insights_analytics", "False"),
                ("install_uuid", installation.Id.ToString()), ("license_expiry", "0"), ("license_type", "open"), ("pendo_tracking", "off"),
                ("tower_url_base", ""), ("tower_version", ServerVersion.Current),
            ],
            1),
    ]);

    private static async Task<IReadOnlyList<MetricFamily>> CountsAsync(AppDb db, CancellationToken token)
    {
        var hosts = await db.Hosts.CountAsync(token);
        var active = await db.Hosts.Select(host => host.Name).Distinct().CountAsync(token);
        var sessions = await db.LoginSessions.CountAsync(token);
        return
        [
            MetricFamily.Of("awx_organizations_total", "Number of organizations", await db.Organizations.CountAsync(token)),
            MetricFamily.Of("awx_users_total", "Number of users", await db.Users.CountAsync(token)),
            MetricFamily.Of("awx_teams_total", "Number of teams", await db.Teams.CountAsync(token)),
            MetricFamily.Of("awx_inventories_total", "Number of inventories", await db.Inventories.CountAsync(token)),
            MetricFamily.Of("awx_projects_total", "Number of projects", await db.Projects.CountAsync(token)),
            MetricFamily.Of("awx_job_templates_total", "Number of job templates", await db.JobTemplates.CountAsync(token)),
            By("awx_hosts_total", "Number of hosts", "type", ("all", hosts), ("active", active)),
            By("awx_sessions_total", "Number of sessions", "type", ("all", sessions), ("user", sessions), ("anonymous", 0)),
        ];
    }

    private static async Task<IReadOnlyList<MetricFamily>> JobsAsync(AppDb db, CancellationToken cancellationToken)
    {
        var byStatus = await db.UnifiedJobs.GroupBy(job => job.Status).Select(jobs => new { Status = jobs.Key, Count = jobs.Count() })
            .ToDictionaryAsync(row => row.Status, row => row.Count, cancellationToken);
        return
        [
            MetricFamily.Of("awx_running_jobs_total", "Number of running jobs on the system", Count(JobStatuses.Running) + Count(JobStatuses.Waiting)),
            MetricFamily.Of("awx_pending_jobs_total", "Number of pending jobs on the system", Count(JobStatuses.Pending)),
            By("awx_status_total", "Status of Job launched", "status",
                [.. byStatus.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))]),
        ];

        int Count(string status) => byStatus.GetValueOrDefault(status);
    }

    private static async Task<IReadOnlyList<MetricFamily>> InstancesAsync(AppDb db, CancellationToken cancellationToken)
    {
        var instances = await db.Instances.AsNoTracking().OrderBy(instance => instance.Hostname).ToListAsync(cancellationToken);
        var taken = await db.Jobs.Where(job => ActiveJobs.Consuming.Contains(job.Status) && job.ExecutionNode != "")
            .GroupBy(job => job.ExecutionNode)
            .Select(jobs => new { Hostname = jobs.Key, Forks = jobs.Sum(job => (long)job.TaskImpact) + (jobs.Count() * Usage.ControlImpact) })
            .ToDictionaryAsync(row => row.Hostname, row => row.Forks, cancellationToken);
        return
        [
            Each("awx_instance_capacity", "Capacity of each node in a AWX system", instance => instance.Capacity),
            Each("awx_instance_cpu", "CPU cores on each node in a AWX system", instance => (double)instance.Cpu),
            Each("awx_instance_memory", "RAM (Kb) on each node in a AWX system", instance => instance.Memory),
            Each("awx_instance_consumed_capacity", "Consumed capacity of each node in a AWX system", Taken),
            Each("awx_instance_remaining_capacity", "Remaining capacity of each node in a AWX system", instance => instance.Capacity - Taken(instance)),
            new MetricFamily("awx_instance_info", "Info about each node in a AWX system",
            [
                .. instances.Select(instance => new MetricSample(
                    [
                        .. LabelsOf(instance), ("enabled", instance.Enabled ? "True" : "False"),
                        ("managed_by_policy", instance.ManagedByPolicy ? "True" : "False"), ("version", instance.Version),
                    ],
                    1)),
            ]),
        ];

        double Taken(Instance instance) => taken.GetValueOrDefault(instance.Hostname);

        MetricFamily Each(string name, string help, Func<Instance, double> value) =>
            new(name, help, [.. instances.Select(instance => new MetricSample(LabelsOf(instance), value(instance)))]);
    }

    private static IReadOnlyList<(string, string)> LabelsOf(Instance instance) =>
        [("hostname", instance.Hostname), ("instance_uuid", instance.Uuid.ToString())];

    private static MetricFamily By(string name, string help, string label, params IReadOnlyList<(string Value, int Count)> figures) =>
        new(name, help, [.. figures.Select(figure => new MetricSample([(label, figure.Value)], figure.Count))]);
}
