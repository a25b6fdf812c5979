using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials;

/// <summary>Who uses a credential, and what may therefore not happen to it.</summary>
internal static class CredentialUse
{
    private const int MaxListed = 100;

    private static readonly string[] Active = [JobStatuses.New, JobStatuses.Pending, JobStatuses.Waiting, JobStatuses.Running];

    /// <summary>Another type would mean other values to those who use it.</summary>
    public static async Task CheckTypeAsync(Write<Credential> write, CancellationToken cancellationToken)
    {
        if (!write.Changes(row => row.CredentialTypeId))
        {
            return;
        }

        var id = write.Entity.Id;
        var db = write.Db;
        if (await db.JobTemplateCredentials.AnyAsync(row => row.CredentialId == id, cancellationToken)
            || await db.JobCredentials.AnyAsync(row => row.CredentialId == id, cancellationToken)
            || await db.InstanceGroups.AnyAsync(row => row.CredentialId == id, cancellationToken)
            || await db.Projects.AnyAsync(row => row.CredentialId == id, cancellationToken)
            || await db.ExecutionEnvironments.AnyAsync(row => row.CredentialId == id, cancellationToken))
        {
            write.Errors.Add(
                "credential_type",
                "You cannot change the credential type of the credential, as it may break the functionality of the resources using it.");
        }
    }

    /// <summary>What refers to a credential takes one of its own kind.</summary>
    public static async Task CheckKindAsync<T>(Write<T> write, long? id, string kind, string message, CancellationToken cancellationToken)
        where T : class
    {
        if (id is not null && write.Body.Has("credential") && !write.Errors.Has("credential")
            && !await write.Db.Credentials.AnyAsync(row => row.Id == id && row.CredentialType.Kind == kind, cancellationToken))
        {
            write.Errors.Add("credential", message);
        }
    }

    /// <summary>A job that has not ended may need it still: to run, to be followed, or to be cleaned up after.</summary>
    public static async Task RefuseRemovalAsync(Removal<Credential> removal, CancellationToken cancellationToken)
    {
        if (removal.Entity.Managed)
        {
            throw ApiException.Forbidden("Deletion not allowed for managed credentials");
        }

        var id = removal.Entity.Id;
        var active = await removal.Db.Jobs.AsNoTracking()
            .Where(job => Active.Contains(job.Status)
                && (job.Credentials.Any(row => row.CredentialId == id) || job.InstanceGroup!.CredentialId == id))
            .OrderBy(job => job.Id).Select(job => new { job.Id, job.Type }).Take(MaxListed).ToListAsync(cancellationToken);
        if (active.Count > 0)
        {
            throw ApiException.InUse([.. active.Select(job => (job.Id, job.Type))]);
        }
    }
}
