using System.Text.RegularExpressions;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>What makes a plugin's input schema usable: checked once, when it registers, so that no form and no validator meets a
/// broken one.</summary>
internal static partial class InputFieldRules
{
    /// <summary>Everything wrong with a schema, each as a sentence that names the field; empty when it is sound.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<InputField> fields)
    {
        var faults = new List<string>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            if (!IdForm().IsMatch(field.Id))
            {
                faults.Add($"The id '{field.Id}' of an input must be letters, digits and underscores, not beginning with a digit.");
            }

            if (!ids.Add(field.Id))
            {
                faults.Add($"The input '{field.Id}' is there twice.");
            }

            faults.AddRange(Contradictions(field).Select(fault => $"The input '{field.Id}' {fault}."));
        }

        return faults;
    }

    private static IEnumerable<string> Contradictions(InputField field)
    {
        if (field.Type != InputFieldType.String
            && (field.Secret || field.Multiline || field.AskAtRuntime || field.Format is not null || field.Choices.Count > 0))
        {
            yield return "has an attribute that only strings can have";
        }

        if (field.Default is { } value && !IsOfType(value, field.Type))
        {
            yield return $"has a default of the type {value.GetType().Name}, which is not its own";
        }

        if (field.Default is string text && field.Choices.Count > 0 && !field.Choices.Contains(text))
        {
            yield return "has a default that is none of its choices";
        }
    }

    private static bool IsOfType(object value, InputFieldType type) => type switch
    {
        InputFieldType.Boolean => value is bool,
        InputFieldType.Integer => value is long,
        _ => value is string,
    };

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex IdForm();
}
