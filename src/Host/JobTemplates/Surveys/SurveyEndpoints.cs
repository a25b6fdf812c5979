using System.Text.Json.Nodes;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.JobTemplates.Surveys;

/// <summary><c>/job_templates/N/survey_spec/</c>: the questions that a launch asks when the survey is enabled.</summary>
internal static class SurveyEndpoints
{
    private const string None = "{}";

    public static ResourceBuilder<JobTemplate> Survey(this ResourceBuilder<JobTemplate> builder) => builder
        .Action(new ResourceAction<JobTemplate>("survey_spec") { Get = ShowAsync, Post = StoreAsync, Delete = RemoveAsync })
        .SummaryPart("survey", (row, _) => row.SurveySpec == None ? null : new Rest.Fields.JsonPart(writer =>
        {
            var survey = JsonNode.Parse(row.SurveySpec)!;
            writer.WriteStartObject();
            writer.WriteString("title", survey["name"]!.ToString());
            writer.WriteString("description", survey["description"]!.ToString());
            writer.WriteEndObject();
        }));

    private static Task ShowAsync(ApiCall call, JobTemplate template) => call.AnswerAsync(
        StatusCodes.Status200OK, writer => writer.WriteRawValue(template.SurveySpec));

    private static async Task StoreAsync(ApiCall call, JobTemplate template)
    {
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        var survey = JsonNode.Parse(body.Root.GetRawText())!.AsObject();
        if (SurveySpecRules.FaultOf(survey) is { } fault)
        {
            throw ApiException.BadError(fault);
        }

        await SetAsync(call, template, survey.ToJsonString());
    }

    private static Task RemoveAsync(ApiCall call, JobTemplate template) => SetAsync(call, template, None);

    private static async Task SetAsync(ApiCall call, JobTemplate template, string survey)
    {
        await call.Db.JobTemplates.Where(row => row.Id == template.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(row => row.SurveySpec, survey).SetProperty(row => row.ModifiedById, call.Caller.UserId), call.Cancellation);
        await call.AnswerNoContentAsync(StatusCodes.Status200OK);
    }
}
