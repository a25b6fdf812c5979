using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.JobTemplates.Surveys;

/// <summary>What a template's survey makes of the variables that a launch brings along.</summary>
internal sealed class SurveyAnswers
{
    private SurveyAnswers()
    {
    }

    /// <summary>The answers that are good, without those that are passwords.</summary>
    public JsonObject Accepted { get; } = [];

    /// <summary>The answers to password questions.</summary>
    public Dictionary<string, string> Passwords { get; } = new(StringComparer.Ordinal);

    /// <summary>What the survey doesn't ask for.</summary>
    public JsonObject Left { get; } = [];

    /// <summary>What holds where nothing is answered.</summary>
    public JsonObject Defaults { get; } = [];

    /// <summary>Answers that are wrong.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Answers that are missing.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>The questions that a launch from the template asks; none when the survey is off.</summary>
    public static IReadOnlyList<SurveyQuestion> QuestionsOf(JobTemplate template) =>
        template.SurveyEnabled && JsonNode.Parse(template.SurveySpec) is JsonObject spec && spec["spec"] is JsonArray questions
            ? [.. questions.OfType<JsonObject>().Select(question => new SurveyQuestion(question))]
            : [];

    /// <param name="template">Whose survey it is.</param>
    /// <param name="given">The variables of the launch.</param>
    public static SurveyAnswers Of(JobTemplate template, JsonObject given)
    {
        var answers = new SurveyAnswers();
        var questions = QuestionsOf(template);
        foreach (var question in questions)
        {
            answers.Take(question, given);
        }

        foreach (var (name, value) in given.Where(variable => questions.All(question => question.Variable != variable.Key)))
        {
            answers.Left[name] = value?.DeepClone();
        }

        return answers;
    }

    private void Take(SurveyQuestion question, JsonObject given)
    {
        if (question is { IsPassword: false, Default: { } chosen } && !question.FaultsOf(chosen).Any())
        {
            Defaults[question.Variable] = chosen.DeepClone();
        }

        // What was shown in place of a password is no answer.
        if (!given.TryGetPropertyValue(question.Variable, out var answer) || (question.IsPassword && answer?.ToString() == SurveyQuestion.Hidden))
        {
            Missing.AddRange(question.IsRequired ? [question.Missing] : []);
            return;
        }

        var faults = question.FaultsOf(answer).ToList();
        Faults.AddRange(faults);
        if (faults.Count == 0 && question.IsPassword)
        {
            Passwords[question.Variable] = answer!.GetValue<string>();
        }
        else if (faults.Count == 0)
        {
            Accepted[question.Variable] = answer?.DeepClone();
        }
    }
}
