using ContainerGroups.Host.ExecutionEnvironments;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Dispatch;

/// <summary>Reads what names an image for a job.</summary>
internal sealed class JobImages(DatabaseRetry retry, IOptions<ExecutionEnvironmentOptions> options)
{
    public Task<JobImage> ResolveAsync(Job job, CancellationToken cancellationToken) => job is { ExecutionEnvironmentId: null, ProjectId: null, OrganizationId: null }
        ? Task.FromResult(JobImage.Choose(null, null, null, options.Value))
        : retry.ReadAsync(
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
                return JobImage.Choose(found?.Own, found?.Projects, found?.Organizations, options.Value);
            },
            cancellationToken);
}
