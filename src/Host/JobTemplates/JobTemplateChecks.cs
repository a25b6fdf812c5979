using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.JobTemplates;

/// <summary>What makes a template legal together with its project and inventory.</summary>
internal sealed class JobTemplateChecks(ProjectPlaybooks playbooks)
{
    public async Task CheckAsync(Write<JobTemplate> write, CancellationToken cancellationToken)
    {
        var template = write.Entity;
        var project = template.ProjectId is { } id
            ? await write.Db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken)
            : null;
        template.OrganizationId = project?.OrganizationId;
        CheckBranch(write, project);
        await CheckInventoryAsync(write, cancellationToken);
        if (project is not null && template.Playbook.Length > 0 && !write.Errors.Has("playbook"))
        {
            await CheckPlaybookAsync(write, project, cancellationToken);
        }
    }

    private static void CheckBranch(Write<JobTemplate> write, Project? project)
    {
        if (project is { AllowOverride: true } && GitSource.FaultOfWord(write.Entity.ScmBranch) is { } fault)
        {
            write.Errors.Add("scm_branch", fault);
        }

        const string notAllowed = "Project does not allow overriding branch.";
        if (project is { AllowOverride: false } && write.Entity.ScmBranch.Length > 0)
        {
            write.Errors.Add("scm_branch", notAllowed);
        }

        if (project is { AllowOverride: false } && write.Entity.AskScmBranchOnLaunch)
        {
            write.Errors.Add("ask_scm_branch_on_launch", notAllowed);
        }
    }

    private static async Task CheckInventoryAsync(Write<JobTemplate> write, CancellationToken cancellationToken)
    {
        if (write.Body.Has("inventory") && write.Entity.InventoryId is { } id
            && await write.Db.Inventories.AnyAsync(i => i.Id == id && i.PendingDeletion, cancellationToken))
        {
            write.Errors.Add("inventory", "The inventory is being deleted.");
        }
    }

    /// <summary>Another branch may have other playbooks, and a project that was never updated has none yet: then the job will tell.</summary>
    private async Task CheckPlaybookAsync(Write<JobTemplate> write, Project project, CancellationToken cancellationToken)
    {
        var isAsked = write.Body.Has("playbook") || write.Body.Has("project");
        if (isAsked && !project.AllowOverride
            && await playbooks.FindAsync(project, cancellationToken) is { } known && !known.Contains(write.Entity.Playbook))
        {
            write.Errors.Add("playbook", "Playbook not found for project.");
        }
    }
}
