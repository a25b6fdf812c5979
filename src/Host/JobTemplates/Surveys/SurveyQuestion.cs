using System.Globalization;
using System.Text.Json.Nodes;

namespace ContainerGroups.Host.JobTemplates.Surveys;

/// <summary>One question of a stored survey: what it takes for an answer, in AWX's words.</summary>
internal sealed class SurveyQuestion(JsonObject question)
{
    /// <summary>What is shown in place of an answer that is a password.</summary>
    public const string Hidden = "$encrypted$";

    public string Variable { get; } = question["variable"]!.GetValue<string>();

    public string Type { get; } = question["type"]!.GetValue<string>();

    public bool IsRequired { get; } = question["required"]!.GetValue<bool>();

    public bool IsPassword => Type == SurveyTypes.Password;

    /// <summary>What holds without an answer; null for nothing.</summary>
    public JsonNode? Default => question["default"];

    public string Missing => $"'{Variable}' value missing";

    /// <summary>What is wrong with an answer; empty for a good one.</summary>
    public IEnumerable<string> FaultsOf(JsonNode? answer) => Type switch
    {
        SurveyTypes.Integer => NumberFaults(answer, IsInteger(answer), "an integer"),
        SurveyTypes.Float => NumberFaults(answer, Number(answer) is not null, "a numeric type"),
        SurveyTypes.MultiSelect => answer is JsonArray many
            ? many.Where(one => !IsChoice(one)).Select(NotAChoice)
            : [$"'{Variable}' value is expected to be a list."],
        SurveyTypes.MultipleChoice => IsChoice(answer) ? [] : [NotAChoice(answer)],
        _ => TextFaults(answer),
    };

    private IEnumerable<string> TextFaults(JsonNode? answer)
    {
        if (Text(answer) is not { } text)
        {
            yield return $"Value {Shown(answer)} for '{Variable}' expected to be a string.";
            yield break;
        }

        // As Python counts.
        var length = text.EnumerateRunes().Count();
        if (Limit("min") is { } least && length < least)
        {
            yield return $"'{Variable}' value {Shown(answer)} is too small (length is {length} must be at least {Show(least)}).";
        }

        if (Limit("max") is { } most && length > most)
        {
            yield return $"'{Variable}' value {Shown(answer)} is too large (must be no more than {Show(most)}).";
        }
    }

    private IEnumerable<string> NumberFaults(JsonNode? answer, bool isOne, string expected)
    {
        if (!isOne)
        {
            yield return $"Value {Shown(answer)} for '{Variable}' expected to be {expected}.";
            yield break;
        }

        var number = Number(answer)!.Value;
        if (Limit("min") is { } least && number < least)
        {
            yield return $"'{Variable}' value {Shown(answer)} is too small (must be at least {Show(least)}).";
        }

        if (Limit("max") is { } most && number > most)
        {
            yield return $"'{Variable}' value {Shown(answer)} is too large (must be no more than {Show(most)}).";
        }
    }

    private string NotAChoice(JsonNode? answer) =>
        $"Value {Shown(answer)} for '{Variable}' expected to be one of [{string.Join(", ", Choices.Select(choice => $"'{choice}'"))}].";

    private bool IsChoice(JsonNode? answer) => Text(answer) is { } text && Choices.Contains(text);

    private IReadOnlyList<string> Choices => SurveyTypes.Lines(question["choices"]);

    private double? Limit(string name) => Number(question[name]);

    /// <summary>A password is no part of a message.</summary>
    private string Shown(JsonNode? answer) => IsPassword ? Hidden : Text(answer) ?? answer?.ToJsonString() ?? "None";

    private static string Show(double limit) => limit.ToString(CultureInfo.InvariantCulture);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static double? Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number && value.TryGetValue<double>(out var number) ? number : null;

    private static bool IsInteger(JsonNode? node) => Number(node) is not null && node!.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-');
}
