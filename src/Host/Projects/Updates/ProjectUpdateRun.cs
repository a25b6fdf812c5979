using System.Text;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Projects;

/// <summary>Runs one update: fetch, find the commit, check it out, list its playbooks. What it does can be done again at any time.</summary>
internal sealed class ProjectUpdateRun(
    GitRepositories repositories, GitLogins logins, ProjectFiles files, OutputStore outputs, TimeProvider clock)
{
    /// <param name="update">The update with its project.</param>
    /// <param name="canceled">The user's wish.</param>
    /// <param name="stopping">The host stops: the update is left to the next one, and this throws.</param>
    public async Task<ProjectUpdateEnd> RunAsync(ProjectUpdate update, CancellationToken canceled, CancellationToken stopping)
    {
        using var timeout = update.Timeout > 0
            ? new CancellationTokenSource(TimeSpan.FromSeconds(update.Timeout), clock)
            : new CancellationTokenSource();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(canceled, stopping, timeout.Token);
        await using var output = await outputs.OpenUpdateAsync(update.Id, stopping);
        var end = await RunAsync(update, output, ended.Token, canceled, stopping, timeout.Token);
        if (end.Explanation.Length > 0)
        {
            await SayAsync(output, end.Explanation, stopping);
        }

        await output.CompleteAsync(stopping);
        return end;
    }

    private async Task<ProjectUpdateEnd> RunAsync(
        ProjectUpdate update, JobOutput output, CancellationToken any, CancellationToken canceled, CancellationToken stopping, CancellationToken timeout)
    {
        try
        {
            return await UpdateAsync(update.Project, output, any);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested && canceled.IsCancellationRequested)
        {
            return ProjectUpdateEnd.Canceled;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested && timeout.IsCancellationRequested)
        {
            return ProjectUpdateEnd.Failed("Job terminated due to timeout");
        }
        catch (GitException e)
        {
            return ProjectUpdateEnd.Failed(e.Message);
        }
        catch (IOException e) when (e.InnerException is not ClaimLostException)
        {
            return ProjectUpdateEnd.Error($"This host can't store the files: {e.Message}");
        }
    }

    private async Task<ProjectUpdateEnd> UpdateAsync(Project project, JobOutput output, CancellationToken cancellationToken)
    {
        if (project.ScmType != ScmTypes.Git)
        {
            return ProjectUpdateEnd.Failed("The project is not from a git repository any more.");
        }

        using var login = await logins.OpenAsync(project, cancellationToken);
        var (source, repository) = (GitSource.Of(project) with { Login = login }, repositories.Of(project));
        GitOutput print = output.AppendAsync;
        await SayAsync(output, $"Fetching {source.Url}", cancellationToken);
        await repository.FetchAsync(source, project.ScmDeleteOnUpdate, print, cancellationToken);
        if (await repository.ResolveAsync(source.Branch, cancellationToken) is not { } commit)
        {
            return ProjectUpdateEnd.Failed(source.Branch.Length == 0
                ? "The repository has no default branch."
                : $"The repository has no branch, tag or commit \"{source.Branch}\".");
        }

        await SayAsync(output, $"Checking out {commit}", cancellationToken);
        await using var snapshot = await files.OpenCommitAsync(project, commit, print, cancellationToken);
        var playbooks = await Playbooks.FindAsync(snapshot.Directory, cancellationToken);
        await SayAsync(output, $"{playbooks.Count} playbook(s): {string.Join(", ", playbooks.Take(20))}{(playbooks.Count > 20 ? ", …" : "")}", cancellationToken);
        return new ProjectUpdateEnd { Status = JobStatuses.Successful, Revision = commit, Playbooks = playbooks };
    }

    private static ValueTask SayAsync(JobOutput output, string line, CancellationToken cancellationToken) =>
        output.AppendAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
}
