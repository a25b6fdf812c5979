using System.Text.Json;

namespace ContainerGroups.Host.Cli;

/// <summary>The body of a refusal, <c>{"detail": …}</c> or <c>{"field": ["…"]}</c>, as one line of text.</summary>
internal static class ApiError
{
    private const int Longest = 2000;

    public static string Describe(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Cut(Text(document.RootElement));
        }
        catch (JsonException)
        {
            return Cut(body.ReplaceLineEndings(" ").Trim());
        }
    }

    private static string Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => string.Join(" ", element.EnumerateObject().Select(Field)),
        JsonValueKind.Array => string.Join(" ", element.EnumerateArray().Select(Text)),
        JsonValueKind.String => element.GetString()!.ReplaceLineEndings(" "),
        _ => element.GetRawText(),
    };

    private static string Field(JsonProperty field) => field.Name is "detail" or "error" or "__all__" or "non_field_errors"
        ? Text(field.Value)
        : $"{field.Name}: {Text(field.Value)}";

    private static string Cut(string text) => text.Length > Longest ? text[..Longest] + "…" : text;
}
