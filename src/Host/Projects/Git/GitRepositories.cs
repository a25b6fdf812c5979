using System.Collections.Concurrent;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Projects;

/// <summary>This host's copies of the projects' repositories, one for each project.</summary>
internal sealed class GitRepositories(GitCommand git, ProjectsOptions options, ProjectPaths paths)
{
    private readonly ConcurrentDictionary<long, GitRepository> _open = [];

    public GitRepository Of(Project project) =>
        _open.GetOrAdd(project.Id, id => new GitRepository(git, options, paths.RepositoryOf(id)));

    /// <summary>Removes the copies of projects that are gone.</summary>
    /// <param name="isKnown">Whether there is a project of this id.</param>
    public void RemoveUnknown(Func<long, bool> isKnown)
    {
        foreach (var (id, directory) in paths.Repositories().Where(r => !isKnown(r.ProjectId)))
        {
            _open.TryRemove(id, out _);
            Directory.Delete(directory, recursive: true);
        }
    }
}
