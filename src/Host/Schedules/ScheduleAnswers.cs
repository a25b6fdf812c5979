using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.JobTemplates.Surveys;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Schedules;

/// <summary>The answers to password questions that schedules keep for their jobs: encrypted as credentials' secrets are, and hidden in the
/// schedule's variables.</summary>
internal sealed class ScheduleAnswers(SecretKeys keys)
{
    /// <summary>Takes the answers out of a body's variables, which are in the schedule already; what is to be stored goes with the write.</summary>
    /// <param name="write">Without errors in its variables.</param>
    /// <param name="template">What is launched; null for a project.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task TakeAsync(Write<Schedule> write, JobTemplate? template, CancellationToken cancellationToken)
    {
        // Another template may do with an answer what this one does not: it has to be given again.
        var isElsewhere = write.Creating || write.Changes(row => row.JobTemplateId);
        if (!write.Body.Has(SchedulePrompts.ExtraData) && !isElsewhere)
        {
            return;
        }

        var id = write.Entity.Id;
        var stored = isElsewhere
            ? []
            : await write.Db.SchedulePasswords.Where(answer => answer.ScheduleId == id).Select(answer => answer.Variable).ToListAsync(cancellationToken);
        var (kept, anew) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var (variable, answer) in AnswersOf(template, write.Entity))
        {
            if (answer != SurveyQuestion.Hidden)
            {
                anew[variable] = answer;
            }
            else if (stored.Contains(variable))
            {
                kept.Add(variable);
            }
            else
            {
                write.Errors.Add(SchedulePrompts.ExtraData, $"Provided variable {variable} has no database value to replace with.");
            }
        }

        if (anew.Count > 0 && keys.Fault is { } fault)
        {
            throw ApiException.Detail(StatusCodes.Status503ServiceUnavailable, $"Passwords can't be stored. {fault}");
        }

        write.Prepared = new Given(kept, anew);
    }

    /// <summary>Leaves nothing of the answers in the row.</summary>
    public static Task HideAsync(Write<Schedule> write, CancellationToken cancellationToken)
    {
        if (write.Prepared is Given { Anew.Count: > 0 } given)
        {
            var variables = JsonNode.Parse(write.Entity.ExtraData)!.AsObject();
            foreach (var variable in given.Anew.Keys)
            {
                variables[variable] = SurveyQuestion.Hidden;
            }

            write.Entity.ExtraData = variables.ToJsonString();
        }

        return Task.CompletedTask;
    }

    /// <summary>Stores the answers; the schedule has its id now.</summary>
    public async Task StoreAsync(Write<Schedule> write, CancellationToken cancellationToken)
    {
        if (write.Prepared is not Given given)
        {
            return;
        }

        var id = write.Entity.Id;
        var gone = await write.Db.SchedulePasswords.Where(answer => answer.ScheduleId == id && !given.Kept.Contains(answer.Variable))
            .ToListAsync(cancellationToken);
        keys.Replace(
            write.Db.SchedulePasswords, gone, given.Anew, answer => answer.Variable, variable => new SchedulePassword { ScheduleId = id, Variable = variable });
    }

    /// <summary>The answers for a job, as far as the template still asks for them as passwords: they would be seen otherwise.</summary>
    /// <exception cref="SecretUnavailableException">One can't be decrypted.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(AppDb db, Schedule schedule, JobTemplate template, CancellationToken cancellationToken)
    {
        var asked = AnswersOf(template, schedule).Where(answer => answer.Answer == SurveyQuestion.Hidden).Select(answer => answer.Variable).ToList();
        var stored = asked.Count == 0
            ? []
            : await db.SchedulePasswords.AsNoTracking().Where(answer => answer.ScheduleId == schedule.Id && asked.Contains(answer.Variable))
                .ToListAsync(cancellationToken);
        return stored.ToDictionary(answer => answer.Variable, Decrypt, StringComparer.Ordinal);
    }

    /// <summary>What a schedule's variables say to a template's password questions.</summary>
    private static IReadOnlyList<(string Variable, string Answer)> AnswersOf(JobTemplate? template, Schedule schedule)
    {
        if (template is null)
        {
            return [];
        }

        var variables = JsonNode.Parse(schedule.ExtraData)!.AsObject();
        return
        [
            .. SurveyAnswers.QuestionsOf(template).Where(question => question.IsPassword && variables[question.Variable]?.GetValueKind() == JsonValueKind.String)
                .Select(question => (question.Variable, variables[question.Variable]!.GetValue<string>())),
        ];
    }

    private string Decrypt(SchedulePassword answer) => keys.Decrypt(answer, $"{answer}", "Give it again.");

    /// <summary>What a write brings.</summary>
    private sealed record Given(IReadOnlySet<string> Kept, IReadOnlyDictionary<string, string> Anew);
}
