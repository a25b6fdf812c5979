using System.Globalization;
using System.Text.Json;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Rest.Filters;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

/// <summary>Answers <c>OPTIONS</c>: what can be done at a URL and with which fields, from the description that also does it.</summary>
internal static class OptionsAnswer
{
    public static async Task ListAsync(ApiCall call, Resource resource)
    {
        var creates = resource.Methods.HasFlag(ResourceMethods.Create) && await resource.AllowsCreationAsync(call);
        await WriteAsync(call, resource, isList: true, creates ? "POST" : null, idOnly: false);
    }

    /// <param name="call">The request.</param>
    /// <param name="resource">Of the object.</param>
    /// <param name="mayEdit">Whether the caller may change it.</param>
    public static Task DetailAsync(ApiCall call, Resource resource, bool mayEdit) => WriteAsync(
        call, resource, isList: false, mayEdit && resource.Methods.HasFlag(ResourceMethods.Update) ? "PUT" : null, idOnly: false);

    /// <summary>A list that only attaches takes an id and nothing else.</summary>
    public static async Task SubListAsync(ApiCall call, Resource child, bool creates, bool attaches) => await WriteAsync(
        call, child, isList: true, attaches || (creates && await child.AllowsCreationAsync(call)) ? "POST" : null, idOnly: !creates);

    /// <summary>An action: what a POST takes there, whether the object that the URL names is there or not.</summary>
    /// <param name="call">The request.</param>
    /// <param name="name">The action's name.</param>
    /// <param name="input">What the body may say: a name, AWX's word for the type, and the field whose rules hold; null for none.</param>
    public static Task ActionAsync(ApiCall call, string name, IReadOnlyCollection<(string Name, string Type, Field? Rules)> input) =>
        call.AnswerAsync(200, writer =>
        {
            writer.WriteStartObject();
            WriteEnvelope(writer, name);
            if (input.Count > 0)
            {
                writer.WriteStartObject("actions");
                writer.WriteStartObject("POST");
                foreach (var (key, type, rules) in input)
                {
                    writer.WriteStartObject(key);
                    writer.WriteString("type", type);
                    writer.WriteBoolean("required", false);
                    writer.WriteString("label", rules?.Label ?? SnakeCase.ToLabel(key));
                    WriteCommon(writer, rules, rules?.Choices ?? []);
                    writer.WriteEndObject();
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });

    private static void WriteEnvelope(Utf8JsonWriter writer, string name)
    {
        writer.WriteString("name", name);
        writer.WriteString("description", "");
        WriteTexts(writer, "renders", ["application/json"]);
        WriteTexts(writer, "parses", ["application/json"]);
    }

    private static Task WriteAsync(ApiCall call, Resource resource, bool isList, string? writing, bool idOnly) => call.AnswerAsync(200, writer =>
    {
        writer.WriteStartObject();
        WriteEnvelope(writer, SnakeCase.ToTitle(resource.VerboseName) + (isList ? " List" : " Detail"));
        writer.WriteStartObject("actions");
        if (writing is not null && call.Caller.MayWrite)
        {
            WriteAction(writer, writing, resource.AllFields.Where(field => idOnly ? field.Name == "id" : field.Writable(writing == "POST")), WriteInput);
        }

        WriteAction(writer, "GET", resource.AllFields.Where(field => !field.Hidden), WriteShown);
        writer.WriteEndObject();
        WriteTexts(writer, "types", [resource.TypeName]);
        if (resource.RoleKind is { } kind)
        {
            WriteTexts(writer, "object_roles", RoleDefinition.OfKind(kind).Select(role => role.Field));
        }

        if (isList)
        {
            WriteTexts(writer, "search_fields", resource.SearchFields);
            WriteTexts(writer, "related_search_fields", RelatedSearchFields(call.Catalog, resource));
            writer.WriteNumber("max_page_size", ListQuery.MaxPageSize);
        }

        writer.WriteEndObject();
    });

    private static IEnumerable<string> RelatedSearchFields(ResourceCatalog catalog, Resource resource) => resource.Relations
        .Where(relation => catalog.Find(relation.Target) is not null).Select(relation => relation.Name)
        .Concat(resource.AllFields.Where(field => field.Reference is not null && catalog.Find(field.Reference.Target) is not null)
            .Select(field => field.Name))
        .Select(name => name + "__search");

    private static void WriteAction(Utf8JsonWriter writer, string method, IEnumerable<Field> fields, Action<Utf8JsonWriter, Field> write)
    {
        writer.WriteStartObject(method);
        foreach (var field in fields)
        {
            writer.WriteStartObject(field.Name);
            writer.WriteString("type", TypeName(field));
            write(writer, field);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter writer, Field field)
    {
        writer.WriteBoolean("required", field.Required);
        writer.WriteString("label", field.Label);
        WriteCommon(writer, field, field.WritableChoices ?? field.Choices);
        if (field.Hidden)
        {
            writer.WriteBoolean("write_only", true);
        }

        WriteNumber(writer, "max_length", field.MaxLength);
        WriteNumber(writer, "min_value", field.Min is int.MinValue ? null : field.Min);
        WriteNumber(writer, "max_value", field.Max is int.MaxValue ? null : field.Max);
        var shown = field.ShownDefault?.Invoke();
        if (!field.Required && (shown is not null || field.Default is not null))
        {
            writer.WritePropertyName("default");
            WriteDefault(writer, field, shown);
        }
    }

    private static void WriteShown(Utf8JsonWriter writer, Field field)
    {
        writer.WriteString("label", field.Label);
        WriteCommon(writer, field, field.Choices);
    }

    private static void WriteCommon(Utf8JsonWriter writer, Field? field, IReadOnlyList<(string Value, string Label)> choices)
    {
        if (field is { HelpText.Length: > 0 })
        {
            writer.WriteString("help_text", field.HelpText);
        }

        writer.WriteBoolean("hidden", false);
        writer.WriteBoolean("filterable", field is { Filterable: true });
        if (field is { Kind: FieldKind.StringList })
        {
            writer.WriteStartObject("child");
            writer.WriteString("type", "string");
            writer.WriteEndObject();
        }

        if (choices.Count > 0)
        {
            WriteChoices(writer, choices, field);
        }
    }

    private static void WriteChoices(Utf8JsonWriter writer, IReadOnlyList<(string Value, string Label)> choices, Field? field)
    {
        writer.WriteStartArray("choices");
        if (field is { AllowBlank: true, ReadOnly: false } && choices.All(choice => choice.Value.Length > 0))
        {
            WritePair(writer, "", "---------", isNumber: false);
        }

        foreach (var (value, label) in choices)
        {
            WritePair(writer, value, label, field?.Column?.Body.Type == typeof(int));
        }

        writer.WriteEndArray();
    }

    private static void WritePair(Utf8JsonWriter writer, string value, string label, bool isNumber)
    {
        writer.WriteStartArray();
        if (isNumber)
        {
            writer.WriteNumberValue(int.Parse(value, CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteStringValue(value);
        }

        writer.WriteStringValue(label);
        writer.WriteEndArray();
    }

    private static void WriteDefault(Utf8JsonWriter writer, Field field, string? shown)
    {
        if (shown is not null || (field.Kind is FieldKind.Json or FieldKind.StringList && field.Default is string))
        {
            writer.WriteRawValue(shown ?? (string)field.Default!);
            return;
        }

        JsonValues.Write(writer, field.Default is decimal number ? JsonValues.Decimal(number, 2) : field.Default);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string key, long? number)
    {
        if (number is { } known)
        {
            writer.WriteNumber(key, known);
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, string key, IEnumerable<string> texts)
    {
        writer.WritePropertyName(key);
        JsonValues.Write(writer, texts);
    }

    public static string TypeName(Field field) => field.Kind switch
    {
        FieldKind.StringList => "json",
        FieldKind.Computed => "field",
        _ => field.Kind.ToString().ToLowerInvariant(),
    };
}
