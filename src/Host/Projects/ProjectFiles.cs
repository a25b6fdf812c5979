using System.Globalization;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Projects;

/// <summary>Gives the files of a project at a revision, on whichever host asks.</summary>
internal sealed class ProjectFiles(
    ManualProjects manual, GitRepositories repositories, GitLogins logins, ArchiveStore archives, ProjectArchive archive, SnapshotCache cache)
{
    /// <summary>Opens the project's files in a directory that stays as it is until the snapshot is disposed of.</summary>
    /// <param name="project">The project's row, of which only its own columns are read.</param>
    /// <param name="revision">A commit, branch or tag of a git project, an archive's digest; null or empty for the project's own revision.</param>
    /// <param name="cancellationToken">Ends the wait for a fetch or an unpacking.</param>
    /// <exception cref="ProjectUnavailableException">There is no such revision, or it can't be had.</exception>
    public Task<ProjectSnapshot> OpenAsync(Project project, string? revision, CancellationToken cancellationToken) => project.ScmType switch
    {
        ScmTypes.Manual => Task.FromResult(new ProjectSnapshot(manual.Find(project.Name, project.LocalPath), "")),
        ScmTypes.Git => OpenGitAsync(project, revision, cancellationToken),
        ScmTypes.Archive => OpenArchiveAsync(project, revision, cancellationToken),
        _ => throw new ProjectUnavailableException($"Project \"{project.Name}\" is of the unknown kind \"{project.ScmType}\"."),
    };

    /// <summary>A commit's files, when the commit is in this host's repository already; a project update uses this.</summary>
    public async Task<ProjectSnapshot> OpenCommitAsync(Project project, string commit, GitOutput? output, CancellationToken cancellationToken)
    {
        // Submodules are fetched with the files.
        using var login = project.ScmTrackSubmodules ? await logins.OpenAsync(project, cancellationToken) : null;
        var source = GitSource.Of(project) with { Login = login };
        var key = string.Create(CultureInfo.InvariantCulture, $"git-{project.Id}-{commit}{(source.Submodules ? "-submodules" : "")}");
        var lease = await cache.OpenAsync(
            key, (directory, token) => repositories.Of(project).CheckOutAsync(commit, source, directory, output, token), cancellationToken);
        return new ProjectSnapshot(lease.Directory, commit, lease);
    }

    private async Task<ProjectSnapshot> OpenGitAsync(Project project, string? revision, CancellationToken cancellationToken)
    {
        var wanted = string.IsNullOrEmpty(revision) ? project.ScmRevision : revision;
        if (wanted.Length == 0)
        {
            throw new ProjectUnavailableException($"Project \"{project.Name}\" has not been updated from its repository yet.");
        }

        try
        {
            var commit = await FindCommitAsync(project, wanted, cancellationToken)
                ?? throw new ProjectUnavailableException($"The repository of project \"{project.Name}\" has no \"{wanted}\".");
            return await OpenCommitAsync(project, commit, null, cancellationToken);
        }
        catch (GitException e)
        {
            throw new ProjectUnavailableException($"The files of project \"{project.Name}\" can't be had: {e.Message}", e);
        }
    }

    /// <summary>A commit never changes and is fetched only when this host has not got it; a name is asked for anew each time.</summary>
    private async Task<string?> FindCommitAsync(Project project, string wanted, CancellationToken cancellationToken)
    {
        var (source, repository) = (GitSource.Of(project), repositories.Of(project));
        var isCommit = GitRepository.FullCommit().IsMatch(wanted);
        if (isCommit && await repository.ResolveAsync(wanted, cancellationToken) is { } present)
        {
            return present;
        }

        if (GitSource.FaultOfWord(wanted) is { } fault)
        {
            throw new ProjectUnavailableException($"The branch \"{wanted}\": {fault}");
        }

        using var login = await logins.OpenAsync(project, cancellationToken);
        source = source with { Login = login };
        await repository.FetchAsync(source, anew: false, null, cancellationToken);
        var found = await repository.ResolveAsync(wanted, cancellationToken);
        return found is null && isCommit && await repository.TryFetchCommitAsync(source, wanted, cancellationToken) ? wanted : found;
    }

    private async Task<ProjectSnapshot> OpenArchiveAsync(Project project, string? revision, CancellationToken cancellationToken)
    {
        var digest = string.IsNullOrEmpty(revision) ? project.ScmRevision : revision;
        if (digest.Length != 64 || !digest.All(char.IsAsciiHexDigitLower))
        {
            throw new ProjectUnavailableException(
                digest.Length == 0 ? $"No archive has been uploaded to project \"{project.Name}\" yet." : $"\"{digest}\" is not the digest of an archive.");
        }

        var lease = await cache.OpenAsync(
            "archive-" + digest,
            async (directory, token) =>
            {
                await using var file = await archives.OpenAsync(project, digest, token);
                await archive.UnpackAsync(file, directory, token);
            },
            cancellationToken);
        return new ProjectSnapshot(lease.Directory, digest, lease);
    }
}
