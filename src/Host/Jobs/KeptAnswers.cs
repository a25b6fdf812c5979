using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.JobTemplates.Surveys;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>The answers to a survey's password questions that a job was launched with, for another launch of the same. Nobody but an
/// administrator uses what somebody else gave for his own.</summary>
internal sealed class KeptAnswers(LaunchPasswords secrets)
{
    /// <exception cref="ApiException">403: they are somebody else's. 503: they can't be read.</exception>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(ApiCall call, Job job)
    {
        if (!job.ExtraVars.Contains(SurveyQuestion.Hidden, StringComparison.Ordinal))
        {
            return new Dictionary<string, string>();
        }

        try
        {
            var answers = await secrets.ReadAnswersAsync(call.Db, job.Id, call.Cancellation);
            return answers.Count == 0 || call.Caller.IsSuperuser || job.CreatedById == call.Caller.UserId
                ? answers
                : throw ApiException.Forbidden("Job was launched with secret prompts provided by another user.");
        }
        catch (SecretUnavailableException fault)
        {
            throw ApiException.Detail(StatusCodes.Status503ServiceUnavailable, fault.Message);
        }
    }
}
