using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>Decides which image a job asks for (design, section 7): its own environment; else the group decides; else the project's,
/// the organization's or the configured one.</summary>
internal sealed class JobImages(DatabaseRetry retry, IOptions<ExecutionEnvironmentOptions> options)
{
    public Task<JobImage> ResolveAsync(Job job, CancellationToken cancellationToken) =>
        retry.ReadAsync(
            async (db, token) =>
            {
                var found = await db.Jobs.Where(j => j.Id == job.Id)
                    .Select(j => new
                    {
                        Own = j.ExecutionEnvironment,
                        Projects = j.Project!.DefaultEnvironment,
                        Organizations = j.Organization!.DefaultEnvironment,
                    })
                    .SingleOrDefaultAsync(token);
                var fallback = found?.Projects ?? found?.Organizations;
                return new JobImage(found?.Own?.Image, fallback?.Image ?? options.Value.Default, (found?.Own ?? fallback)?.Pull ?? "");
            },
            cancellationToken);
}

/// <summary>The section <c>ExecutionEnvironments</c> of the configuration.</summary>
internal sealed class ExecutionEnvironmentOptions
{
    public const string Section = "ExecutionEnvironments";

    /// <summary>The image of jobs for which nobody names another; AWX's.</summary>
    public string Default { get; set; } = "quay.io/ansible/awx-ee:latest";
}
