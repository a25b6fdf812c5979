namespace ContainerGroups.Host.OData.Batch;

/// <summary>The headers of an answer that belong to it, and not to the connection.</summary>
internal static class BatchHeaders
{
    private static readonly string[] Names = ["Content-Type", "OData-Version", "ETag", "Preference-Applied", "Allow"];

    public static IEnumerable<(string Name, string Value)> Of(HttpResponse answer) =>
        answer.Headers.Where(header => Names.Contains(header.Key)).Select(header => (header.Key, header.Value.ToString()));

    public static bool IsJson(HttpResponse answer) => answer.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true;
}
