using System.Globalization;
using System.Text.RegularExpressions;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Projects;

/// <summary>What follows from saving a project: its directory's name, its state, its update.</summary>
internal sealed partial class ProjectWrites(ManualProjects manual, WakeUps wakeUps)
{
    private const int MaxSlug = 40;

    public void AddTo(WriteRules<Project> rules)
    {
        rules.Checks.Add(CheckCredentialAsync);
        rules.BeforeSave.Add(SettleAsync);
        rules.AfterSave.Add(UpdateAsync);
        rules.AfterCommit.Add(_ =>
        {
            wakeUps.Pulse(WakeUpNames.ProjectUpdates);
            return Task.CompletedTask;
        });
    }

    private static Task CheckCredentialAsync(Write<Project> write, CancellationToken cancellationToken) => CredentialUse.CheckKindAsync(
        write, write.Entity.CredentialId, CredentialKinds.SourceControl,
        "Only credentials of kind scm can be associated with a project.", cancellationToken);

    /// <summary>Files of another source are not this one's: nothing runs from them any more.</summary>
    private Task SettleAsync(Write<Project> write, CancellationToken cancellationToken)
    {
        var project = write.Entity;
        if (IsFromElsewhere(write))
        {
            (project.ScmRevision, project.PlaybookFiles, project.Status) = ("", "[]", ProjectStatuses.NeverUpdated);
            (project.LastUpdated, project.LastUpdateFailed) = (null, false);
        }

        if (project.ScmType == ScmTypes.Manual)
        {
            project.Status = StatusOf(project);
        }
        else if (!write.Creating)
        {
            project.LocalPath = PathOf(project);
        }

        return Task.CompletedTask;
    }

    private static async Task UpdateAsync(Write<Project> write, CancellationToken cancellationToken)
    {
        var project = write.Entity;
        if (write.Creating && project.ScmType != ScmTypes.Manual)
        {
            project.LocalPath = PathOf(project);
        }

        // Freshly made, or with its revision taken away by a change of its source.
        if (project is { ScmType: ScmTypes.Git, Status: ProjectStatuses.NeverUpdated })
        {
            await ProjectUpdates.AddAsync(write.Db, project, LaunchTypes.Manual, write.Call.Caller.UserId, cancellationToken);
            project.Status = JobStatuses.Pending;
        }
    }

    private string StatusOf(Project project)
    {
        try
        {
            manual.Find(project.Name, project.LocalPath);
            return ProjectStatuses.Ok;
        }
        catch (ProjectUnavailableException)
        {
            return ProjectStatuses.Missing;
        }
    }

    private static bool IsFromElsewhere(Write<Project> write) =>
        write.Changes(x => x.ScmType) || write.Changes(x => x.ScmUrl) || write.Changes(x => x.ScmBranch) || write.Changes(x => x.ScmRefspec);

    /// <summary>AWX's form of the name of a project's directory.</summary>
    private static string PathOf(Project project)
    {
        var slug = NoWord().Replace(project.Name.ToLowerInvariant(), "_").Trim('_');
        return string.Create(CultureInfo.InvariantCulture, $"_{project.Id}__{slug[..Math.Min(slug.Length, MaxSlug)]}");
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NoWord();
}
