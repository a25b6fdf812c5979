using System.Text.Json.Nodes;

namespace ContainerGroups.Host.JobTemplates.Surveys;

/// <summary>AWX's types of questions.</summary>
internal static class SurveyTypes
{
    public const string Text = "text";
    public const string TextArea = "textarea";
    public const string Password = "password";
    public const string MultipleChoice = "multiplechoice";
    public const string MultiSelect = "multiselect";
    public const string Integer = "integer";
    public const string Float = "float";

    public static IReadOnlyList<string> All { get; } = [Text, TextArea, Password, MultipleChoice, MultiSelect, Integer, Float];

    /// <summary>Choices and their defaults: a list, or a text with one on each line.</summary>
    public static IReadOnlyList<string> Lines(JsonNode? node) => node switch
    {
        JsonArray many => [.. many.Select(one => one?.ToString() ?? "")],
        JsonValue value when value.TryGetValue<string>(out var text) =>
            [.. text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Where(line => !string.IsNullOrWhiteSpace(line))],
        _ => [],
    };
}
