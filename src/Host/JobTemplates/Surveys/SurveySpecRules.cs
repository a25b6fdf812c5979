using System.Text.Json;
using System.Text.Json.Nodes;

namespace ContainerGroups.Host.JobTemplates.Surveys;

/// <summary>What makes a survey legal, in AWX's words: one fault at a time, as AWX tells them.</summary>
internal static class SurveySpecRules
{
    private static readonly (string Name, JsonValueKind Kind, string Label)[] Members =
        [("name", JsonValueKind.String, "string"), ("description", JsonValueKind.String, "string"), ("spec", JsonValueKind.Array, "list of items")];

    private static readonly string[] QuestionMembers = ["type", "question_name", "variable", "required"];

    /// <summary>The first fault; null for a good survey, whose choices are then put in order.</summary>
    public static string? FaultOf(JsonObject survey)
    {
        foreach (var (name, kind, label) in Members)
        {
            if (!survey.TryGetPropertyValue(name, out var value))
            {
                return $"Field '{name}' is missing from survey spec.";
            }

            if (KindOf(value) != kind)
            {
                return $"Expected {label} for field '{name}', received {PythonType(value)} type.";
            }
        }

        var questions = survey["spec"]!.AsArray();
        var variables = new HashSet<string>(StringComparer.Ordinal);
        return questions.Count == 0
            ? "'spec' doesn't contain any items."
            : questions.Select((question, index) => FaultOf(question, index, variables)).FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultOf(JsonNode? node, int index, HashSet<string> variables)
    {
        if (node is not JsonObject question)
        {
            return $"Survey question {index} is not a json object.";
        }

        foreach (var name in QuestionMembers)
        {
            var (kind, label) = name == "required" ? ((JsonValueKind?)null, "boolean") : (JsonValueKind.String, "string");
            if (!question.TryGetPropertyValue(name, out var value))
            {
                return $"'{name}' missing from survey question {index}";
            }

            if (kind is null ? KindOf(value) is not (JsonValueKind.True or JsonValueKind.False) : KindOf(value) != kind)
            {
                return $"'{name}' in survey question {index} expected to be {label}.";
            }
        }

        var variable = question["variable"]!.GetValue<string>();
        var type = question["type"]!.GetValue<string>();
        return !variables.Add(variable) ? $"'variable' '{variable}' duplicated in survey question {index}."
            : !SurveyTypes.All.Contains(type) ? $"'{type}' in survey question {index} is not one of '{string.Join(", ", SurveyTypes.All)}' allowed question types."
            : DefaultFault(question, type, index) ?? LimitFault(question, index) ?? ChoicesFault(question, type, index);
    }

    private static string? DefaultFault(JsonObject question, string type, int index)
    {
        if (!question.TryGetPropertyValue("default", out var value) || value?.ToString() is "" or null)
        {
            return null;
        }

        if (type == SurveyTypes.Password)
        {
            // Everybody who sees the template would have it.
            return $"A password question can't have a default (survey question {index}).";
        }

        var fits = type switch
        {
            SurveyTypes.Integer => KindOf(value) == JsonValueKind.Number && value!.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-'),
            SurveyTypes.Float => KindOf(value) == JsonValueKind.Number,
            _ => KindOf(value) == JsonValueKind.String,
        };
        return fits ? null
            : $"Default value {value} in survey question {index} expected to be {(type is SurveyTypes.Integer or SurveyTypes.Float ? type : "string")}.";
    }

    private static string? LimitFault(JsonObject question, int index) => new[] { "min", "max" }
        .Where(name => question[name] is { } limit && !(KindOf(limit) == JsonValueKind.Number && limit.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-')))
        .Select(name => $"The {name} limit in survey question {index} expected to be integer.").FirstOrDefault();

    private static string? ChoicesFault(JsonObject question, string type, int index)
    {
        if (type is not (SurveyTypes.MultipleChoice or SurveyTypes.MultiSelect))
        {
            return null;
        }

        if (KindOf(question["choices"]) is not (JsonValueKind.String or JsonValueKind.Array))
        {
            return $"Survey question {index} of type {type} must specify choices.";
        }

        var choices = SurveyTypes.Lines(question["choices"]);
        if (KindOf(question["choices"]) == JsonValueKind.String)
        {
            question["choices"] = string.Join('\n', choices);
        }

        var defaults = SurveyTypes.Lines(question["default"]);
        return type == SurveyTypes.MultipleChoice && defaults.Count > 1 ? "Multiple Choice (Single Select) can only have one default value."
            : defaults.Except(choices).Any() ? "Default choice must be answered from the choices listed."
            : null;
    }

    private static JsonValueKind KindOf(JsonNode? node) => node?.GetValueKind() ?? JsonValueKind.Null;

    private static string PythonType(JsonNode? node) => KindOf(node) switch
    {
        JsonValueKind.String => "str",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "dict",
        JsonValueKind.Number => node!.ToJsonString().Any(c => c is '.' or 'e' or 'E') ? "float" : "int",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "NoneType",
    };
}
