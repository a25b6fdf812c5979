using ContainerGroups.Abstractions;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Ansible.Secrets;

/// <summary>The credentials of a job as its program needs them, after AWX's check that they are complete.</summary>
internal sealed class JobCredentials(CredentialReader reader, LaunchPasswords passwords)
{
    /// <exception cref="ProgramBuildException">One lacks a value, or is gone.</exception>
    /// <exception cref="BackendException">One can't be read as long as the key of the secrets is missing.</exception>
    public async Task<IReadOnlyList<OpenCredential>> ReadAsync(AppDb db, Job job, CancellationToken cancellationToken)
    {
        var ids = await db.JobCredentials.Where(row => row.JobId == job.Id).Select(row => row.CredentialId).ToListAsync(cancellationToken);
        var group = await db.Jobs.Where(row => row.Id == job.Id).Select(row => row.InstanceGroup!.CredentialId).SingleOrDefaultAsync(cancellationToken);
        try
        {
            var all = await reader.ReadAsync(db, [.. ids, .. group is { } own ? (long[])[own] : []], cancellationToken);
            foreach (var credential in all.Where(credential => credential.MissingInputs.Count > 0))
            {
                throw new ProgramBuildException(
                    $"Job cannot start because Credential {credential.Id} does not provide one or more required fields "
                    + $"({string.Join(", ", credential.MissingInputs)}). Task failed pre-start check.");
            }

            var given = await passwords.ReadAsync(db, job.Id, cancellationToken);
            IReadOnlyList<OpenCredential> ofJob = [.. all.Where(credential => ids.Contains(credential.Id)).Select(credential => credential.With(given))];
            // A credential may have begun to ask since the launch.
            var lacking = ofJob.SelectMany(credential => credential.Passwords).ToList();
            return lacking.Count == 0 ? ofJob : throw new ProgramBuildException(
                $"Job cannot start because passwords were not given at its launch: {string.Join(", ", lacking)}. Launch it again.");
        }
        catch (SecretUnavailableException e)
        {
            throw reader.Failure(e);
        }
    }
}
