using System.Text.Json;
using ContainerGroups.Host.Ansible.Secrets;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Injection;
using ContainerGroups.Host.Inventories;
using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Ansible;

/// <summary>Makes of a job's row what its environment gets: a command, variables, and an archive of files.</summary>
internal sealed class ProgramBuilder(
    IDbContextFactory<AppDb> databases, ProjectFiles projects, CredentialInjector injector, DataDirectory data)
{
    /// <param name="job">As its runner found it; the project and the like are read as they are now.</param>
    /// <param name="set">What the job logs in with.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ProgramBuildException">The project has no such playbook, its files can't be had, or the like.</exception>
    public async Task<JobProgram> BuildAsync(Job job, JobCredentialSet set, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await ReadReferencesAsync(db, job, cancellationToken);
        var credentials = JobCredentials.ForProgram(set);
        var secrets = new CredentialFiles(credentials, injector);
        try
        {
            await using var project = job.Project is null ? null : await projects.OpenAsync(job.Project, RevisionOf(job), cancellationToken);
            await using var archive = TarPayloadWriter.Create(data.Temporary);
            if (job.JobType == JobTypes.Command)
            {
                return await BuildCommandAsync(job, project, secrets, archive, cancellationToken);
            }

            var login = new PlaybookLogin(credentials, RunnerEntry.Of(job).Root);
            return await BuildAnsibleAsync(
                db, job, project, (secrets, login, ExtraVariables.WithAnswers(job.ExtraVars, set.Passwords)), archive, cancellationToken);
        }
        catch (ProjectUnavailableException e)
        {
            throw new ProgramBuildException(e.Message, e);
        }
    }

    private static async Task ReadReferencesAsync(AppDb db, Job job, CancellationToken cancellationToken)
    {
        if (job is { JobTemplateId: null, InventoryId: null, ProjectId: null })
        {
            return;
        }

        var found = await db.Jobs.AsNoTracking().Where(j => j.Id == job.Id).Select(j => new { j.JobTemplate, j.Inventory, j.Project })
            .SingleOrDefaultAsync(cancellationToken) ?? throw new ProgramBuildException("The job has been deleted.");
        (job.JobTemplate, job.Inventory, job.Project) = (found.JobTemplate, found.Inventory, found.Project);
    }

    private static async Task<JobProgram> BuildCommandAsync(
        Job job, ProjectSnapshot? project, CredentialFiles secrets, TarPayloadWriter archive, CancellationToken cancellationToken)
    {
        var command = JsonSerializer.Deserialize<string[]>(job.Command) ?? [];
        if (project is not null)
        {
            await archive.AddDirectoryAsync(project.Directory, "", cancellationToken);
        }

        await AddAsync(archive, secrets.Files(withVariables: false), cancellationToken);
        var environment = ProgramEnvironment.OfCommand(job);
        return new JobProgram
        {
            Command = secrets.Wrap(command, withVariables: false),
            Environment = ProgramEnvironment.With(environment, secrets),
            Archive = await archive.FinishAsync(cancellationToken),
            Timeout = TimeoutOf(job),
            Args = job.Command,
            Cwd = ".",
            MaskedEnvironment = ProgramEnvironment.Masked(environment, secrets),
            ScmRevision = project?.Revision ?? "",
        };
    }

    /// <summary>A playbook of a project, or a module, which needs none.</summary>
    private static async Task<JobProgram> BuildAnsibleAsync(
        AppDb db,
        Job job,
        ProjectSnapshot? project,
        (CredentialFiles Files, PlaybookLogin Login, string ExtraVars) secrets,
        TarPayloadWriter archive,
        CancellationToken cancellationToken)
    {
        await AddContentAsync(db, job, project, archive, cancellationToken);
        var entry = RunnerEntry.Of(job);
        var revision = project?.Revision ?? "";
        var layout = new RunnerLayout(job, await LaunchedByAsync(db, job, cancellationToken), revision)
        {
            ExtraVars = secrets.ExtraVars,
            Secrets = [.. secrets.Login.Arguments, .. secrets.Files.HasVariables ? (string[])["-e", CredentialFiles.VariablesArgument(entry.Root)] : []],
        };
        await AddAsync(archive, layout.Files().Select(file => KeyValuePair.Create(file.Name, file.Text)), cancellationToken);
        await AddAsync(archive, secrets.Login.Files.Concat(secrets.Files.Files(withVariables: true)), cancellationToken);

        var environment = job is AdHocCommand command ? ProgramEnvironment.OfModule(command) : ProgramEnvironment.OfPlaybook(job, revision);
        return new JobProgram
        {
            Command = secrets.Files.Wrap(secrets.Login.Wrap(layout.Command), withVariables: true),
            Environment = ProgramEnvironment.With(environment, secrets.Files),
            Archive = await archive.FinishAsync(cancellationToken),
            Timeout = TimeoutOf(job),
            Args = JsonSerializer.Serialize(layout.ShownCommand),
            Cwd = entry.Directory,
            MaskedEnvironment = ProgramEnvironment.Masked(environment, secrets.Files),
            ScmRevision = revision,
        };
    }

    /// <summary>The project's files and the inventory's.</summary>
    private static async Task AddContentAsync(
        AppDb db, Job job, ProjectSnapshot? project, TarPayloadWriter archive, CancellationToken cancellationToken)
    {
        if (job is not AdHocCommand)
        {
            CheckPlaybook(job, project);
            await archive.AddDirectoryAsync(project!.Directory, "project/", cancellationToken);
        }
        else if (job.InventoryId is null)
        {
            throw new ProgramBuildException("The ad hoc command has no inventory: it was deleted after the command was launched.");
        }

        var inventory = job.InventoryId is { } id ? await InventoryFiles.RenderAsync(db, id, cancellationToken) : [];
        foreach (var file in inventory)
        {
            await archive.AddFileAsync("inventory/" + file.Path, file.Content, cancellationToken);
        }
    }

    private static async Task AddAsync(
        TarPayloadWriter archive, IEnumerable<KeyValuePair<string, string>> files, CancellationToken cancellationToken)
    {
        foreach (var (name, text) in files)
        {
            await archive.AddFileAsync(name, text, cancellationToken);
        }
    }

    private static void CheckPlaybook(Job job, ProjectSnapshot? project)
    {
        if (project is null)
        {
            throw new ProgramBuildException("The job has no project: it was deleted after the job was launched.");
        }

        if (job.Playbook.Length == 0)
        {
            throw new ProgramBuildException("The job names no playbook.");
        }

        if (Path.IsPathRooted(job.Playbook) || job.Playbook.Split('/').Contains(".."))
        {
            throw new ProgramBuildException($"The playbook \"{job.Playbook}\" is not inside the project.");
        }

        if (!File.Exists(Path.Combine(project.Directory, job.Playbook)))
        {
            var revision = project.Revision.Length > 0 ? $" at revision {project.Revision}" : "";
            throw new ProgramBuildException($"The playbook \"{job.Playbook}\" does not exist in project \"{job.Project!.Name}\"{revision}.");
        }
    }

    private static async Task<User?> LaunchedByAsync(AppDb db, Job job, CancellationToken cancellationToken) => job.CreatedById is { } user
        ? await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == user, cancellationToken)
        : null;

    /// <summary>What an earlier attempt ran with, else the branch that was asked for; null for the project's own.</summary>
    private static string? RevisionOf(Job job) => job.ScmRevision.Length > 0 ? job.ScmRevision
        : job.ScmBranch.Length > 0 ? job.ScmBranch
        : null;

    private static TimeSpan? TimeoutOf(Job job) => job.Timeout > 0 ? TimeSpan.FromSeconds(job.Timeout) : null;
}
