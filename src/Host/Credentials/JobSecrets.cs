using System.Text;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials;

/// <summary>Reads the secrets of jobs, and tells which of them must not appear in what a job prints.</summary>
internal sealed class JobSecrets(IDbContextFactory<AppDb> databases, CredentialReader credentials, LaunchPasswords passwords)
{
    /// <summary>In bytes of UTF-8. Shorter texts stand in every second line by chance: to mask them would spoil what is printed and
    /// tell, by the spoiled places, what they are.</summary>
    public const int ShortestMasked = 4;

    /// <summary>The secret fields of a credential that are too short to be masked in what jobs print.</summary>
    public static IReadOnlyList<string> TooShort(OpenCredential credential) =>
    [
        .. credential.Fields.Where(input => input.Secret && credential.Values.GetString(input.Id) is { Length: > 0 } value
            && Encoding.UTF8.GetByteCount(value) < ShortestMasked).Select(input => input.Id),
    ];

    /// <summary>Reads what a job logs in with.</summary>
    /// <param name="job">With its credentials and its group.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="SecretUnavailableException">One can't be decrypted.</exception>
    public async Task<JobCredentialSet> ReadAsync(Job job, CancellationToken cancellationToken)
    {
        var own = job.Credentials.Select(row => row.CredentialId).ToHashSet();
        var ids = job.InstanceGroup?.CredentialId is { } group ? own.Append(group) : own;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var all = await credentials.ReadAsync(db, [.. ids.Distinct()], cancellationToken);
        var ofJob = all.Where(credential => own.Contains(credential.Id)).ToList();
        return new JobCredentialSet
        {
            OfJob = ofJob,
            OfGroup = all.SingleOrDefault(credential => credential.Id == job.InstanceGroup?.CredentialId),
            // An answer to a survey's password question is hidden in the variables.
            Passwords = ofJob.Exists(credential => credential.Asked.Count > 0) || job.ExtraVars.Contains(Credential.Hidden, StringComparison.Ordinal)
                ? await passwords.ReadAsync(db, job.Id, cancellationToken)
                : JobCredentialSet.Empty.Passwords,
        };
    }

    /// <summary>The secret values of a job's credentials and of its group's, and the passwords given at its launch, as bytes, each once, the longest first.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Of(JobCredentialSet job) =>
        Distinct(job.All.SelectMany(credential => credential.Secrets).Concat(job.Passwords.Values));

    /// <summary>The secrets of the credential by which a project update reaches its source.</summary>
    /// <exception cref="SecretUnavailableException">One can't be decrypted.</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ForProjectUpdateAsync(long updateId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var id = await db.ProjectUpdates.Where(update => update.Id == updateId).Select(update => update.Project.CredentialId)
            .SingleOrDefaultAsync(cancellationToken);
        var all = await credentials.ReadAsync(db, id is { } own ? [own] : [], cancellationToken);
        return Distinct(all.SelectMany(credential => credential.Secrets));
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Distinct(IEnumerable<string> secrets) =>
    [
        .. secrets.Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length)
            .Select(secret => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(secret)),
    ];
}
