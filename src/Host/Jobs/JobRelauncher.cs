using System.Text.Json;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Inventories;
using ContainerGroups.Host.JobTemplates.Surveys;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary>Launches a job again as it was, on all its hosts or on those that failed.</summary>
internal sealed class JobRelauncher(JobLauncher launcher, KeptAnswers kept, IDbContextFactory<AppDb> databases)
{
    /// <exception cref="ApiException">It can't be launched again, or the body is wrong.</exception>
    public async Task<Job> RelaunchAsync(ApiCall call, Job former, RequestBody body)
    {
        var cancellationToken = call.Cancellation;
        var errors = new FieldErrors();
        var passwords = GivenPasswords.Read(body, errors);
        var answers = await kept.OfAsync(call, former);
        foreach (var (variable, answer) in answers)
        {
            passwords.Keep(LaunchPasswords.OfSurvey(variable), answer);
        }

        await DemandAnswersAsync(call.Db, former, answers, errors, cancellationToken);
        var limit = await LimitAsync(former, body, errors, cancellationToken);
        var again = new Job
        {
            Name = former.Name,
            Description = former.Description,
            LaunchType = LaunchTypes.Relaunch,
            JobType = former.JobType,
            JobTemplateId = former.JobTemplateId,
            InventoryId = former.InventoryId,
            ProjectId = former.ProjectId,
            Playbook = former.Playbook,
            Command = former.Command,
            ScmBranch = former.ScmBranch,
            Forks = former.Forks,
            Limit = limit,
            Verbosity = former.Verbosity,
            ExtraVars = former.ExtraVars,
            JobTags = former.JobTags,
            SkipTags = former.SkipTags,
            StartAtTask = former.StartAtTask,
            ForceHandlers = former.ForceHandlers,
            UseFactCache = former.UseFactCache,
            BecomeEnabled = former.BecomeEnabled,
            DiffMode = former.DiffMode,
            AllowSimultaneous = former.AllowSimultaneous,
            Timeout = former.Timeout,
            ExecutionEnvironmentId = former.ExecutionEnvironmentId,
            CreatedById = call.Caller.UserId,
            ModifiedById = call.Caller.UserId,
        };
        again.Credentials.AddRange((await CredentialsAsync(former, cancellationToken)).Select(id => new JobCredential { CredentialId = id }));
        again.Labels.AddRange(await call.Db.JobLabels.Where(place => place.JobId == former.Id).OrderBy(place => place.LabelId)
            .Select(place => new JobLabel { LabelId = place.LabelId }).ToListAsync(cancellationToken));
        var groups = await GroupsAsync(former, cancellationToken);
        await JobRights.DemandUseAsync(call, again, await AskedGroupsAsync(call.Db, former, groups, cancellationToken));
        await launcher.LaunchAsync(again, groups, passwords, errors, cancellationToken);
        return again;
    }

    /// <summary>A job that never was launched has no answers: a schedule's that could not start.</summary>
    private static async Task DemandAnswersAsync(
        AppDb db, Job former, IReadOnlyDictionary<string, string> answers, FieldErrors errors, CancellationToken cancellationToken)
    {
        if (former.ExtraVars.Contains(SurveyQuestion.Hidden, StringComparison.Ordinal)
            && await db.JobTemplates.AsNoTracking().SingleOrDefaultAsync(t => t.Id == former.JobTemplateId, cancellationToken) is { } template
            && VariablesText.TryParse(former.ExtraVars, out var variables, out _))
        {
            foreach (var question in SurveyAnswers.QuestionsOf(template)
                .Where(q => q.IsPassword && !answers.ContainsKey(q.Variable) && variables[q.Variable]?.ToString() == SurveyQuestion.Hidden))
            {
                errors.Add(TemplateLaunch.VariablesNeeded, question.Missing);
            }
        }
    }

    /// <summary>The groups that the job preferred, as far as they are still there.</summary>
    private async Task<List<long>> GroupsAsync(Job former, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.JobInstanceGroups.Where(g => g.JobId == former.Id).OrderBy(g => g.Position).Select(g => g.InstanceGroupId)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Those of the groups that nobody but the former launch can have named.</summary>
    private static async Task<IReadOnlyList<long>> AskedGroupsAsync(AppDb db, Job former, List<long> groups, CancellationToken cancellationToken)
    {
        var template = await db.JobTemplates.AsNoTracking().SingleOrDefaultAsync(t => t.Id == former.JobTemplateId, cancellationToken);
        var inventory = await db.Inventories.AsNoTracking().SingleOrDefaultAsync(i => i.Id == former.InventoryId, cancellationToken);
        var preferred = await PreferredGroups.ResolveAsync(db, [], template, inventory, former.OrganizationId, cancellationToken);
        return [.. groups.Except(preferred)];
    }

    private async Task<List<long>> CredentialsAsync(Job former, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.JobCredentials.Where(place => place.JobId == former.Id).OrderBy(place => place.CredentialId)
            .Select(place => place.CredentialId).ToListAsync(cancellationToken);
    }

    private async Task<string> LimitAsync(Job former, RequestBody body, FieldErrors errors, CancellationToken cancellationToken)
    {
        if (!body.TryGet("hosts", out var hosts) || hosts.ValueKind == JsonValueKind.Null || Text(hosts) == "all")
        {
            return former.Limit;
        }

        if (Text(hosts) != "failed")
        {
            errors.Add("hosts", $"\"{Text(hosts)}\" is not a valid choice.");
            return former.Limit;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var failed = await db.JobHostSummaries.Where(s => s.JobId == former.Id && s.Failed).OrderBy(s => s.HostName).Select(s => s.HostName)
            .ToListAsync(cancellationToken);
        if (failed.Count == 0)
        {
            errors.Add("hosts", "Cannot relaunch because previous job had 0 failed hosts.");
        }

        return string.Join(',', failed);
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
