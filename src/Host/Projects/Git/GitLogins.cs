using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Projects;

/// <summary>Opens a project's source with its credential, for as long as git is at work.</summary>
internal sealed class GitLogins(DatabaseRetry retry, CredentialReader credentials, DataDirectory data)
{
    /// <exception cref="GitException">The credential can't be read, or lacks a value.</exception>
    public async Task<GitLogin?> OpenAsync(Project project, CancellationToken cancellationToken)
    {
        if (project.CredentialId is not { } id)
        {
            return null;
        }

        try
        {
            var credential = await retry.ReadAsync((db, token) => credentials.FindAsync(db, id, token), cancellationToken);
            return credential is null ? null : new GitLogin(data.Temporary, project.ScmUrl, credential);
        }
        catch (SecretUnavailableException e)
        {
            throw new GitException(e.Message);
        }
    }
}
