using System.Text.Json;
using ContainerGroups.Host.Rest.Fields;

namespace ContainerGroups.Host.Rest;

/// <summary>
/// <c>/things/N/copy/</c>: another object like this one, under another name. It is made as if a client had sent all that this one has, so
/// that a copy needs the same rights and obeys the same rules.
/// </summary>
/// <param name="leftOut">Fields that are not copied that way.</param>
/// <param name="andMore">Copies what is in no field, in the transaction; the arguments are the original and the copy.</param>
internal sealed class RowCopy<T>(IReadOnlyList<string> leftOut, Func<ApiCall, T, T, Task>? andMore)
    where T : class
{
    public static async Task ShowAsync(ApiCall call, T row)
    {
        var resource = call.Catalog.Get<T>();
        var may = await resource.AllowsAsync(call.Db, call.Caller, resource.IdOf(row), Right.Copy, call.Cancellation)
            && await resource.AllowsCreationAsync(call);
        await call.AnswerAsync(StatusCodes.Status200OK, ("can_copy", may));
    }

    public async Task MakeAsync(ApiCall call, T row)
    {
        var resource = call.Catalog.Get<T>();
        var given = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        var page = new RowPage(resource, call.Catalog, call.Caller);
        var name = CopyName.Of(given, (string)resource.Fields.Single(field => field.Name == CopyName.Field).Value(row, page)!);
        await DemandReferencesAsync(call, resource, row, page);
        var body = BodyOf(resource, row, page);
        body.Set(CopyName.Field, name);
        var copy = await new RowStore<T>(resource, call.Catalog)
            .CreateAsync(call, body, made => andMore?.Invoke(call, row, made) ?? Task.CompletedTask);
        await call.AnswerRowAsync(
            StatusCodes.Status201Created, resource, copy, await RowLookup.NamedUrlAsync(call, resource, resource.IdOf(copy)));
    }

    private RequestBody BodyOf(Resource<T> resource, T row, RowPage page)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonValues.Options))
        {
            writer.WriteStartObject();
            foreach (var field in resource.Fields.Where(field =>
                field.Assign is not null && field.Writable(creating: true) && !leftOut.Contains(field.Name)))
            {
                if (field.Value(row, page) is { } value)
                {
                    writer.WritePropertyName(field.Name);
                    JsonValues.Write(writer, value);
                }
            }

            writer.WriteEndObject();
        }

        return RequestBody.Parse(stream.ToArray());
    }

    /// <summary>What the caller may not see, he can't give to a copy either; that he named it nobody can say.</summary>
    private static async Task DemandReferencesAsync(ApiCall call, Resource<T> resource, T row, RowPage page)
    {
        foreach (var field in resource.Fields.Where(field => field.Reference is not null && field.Writable(creating: true)))
        {
            if (field.Value(row, page) is long id && call.Catalog.Find(field.Reference!.Target) is { } target)
            {
                var (seen, _) = await target.LoadSummariesAsync(call.PageRequest, [id], [], call.Cancellation);
                if (seen.Count == 0)
                {
                    throw ApiException.Forbidden();
                }
            }
        }
    }
}

/// <summary>What a copy is called.</summary>
internal static class CopyName
{
    public const string Field = "name";

    /// <exception cref="ApiException">It is called what the original is.</exception>
    public static string Of(RequestBody body, string original)
    {
        if (!body.TryGet(Field, out var json) || json.ValueKind == JsonValueKind.Null)
        {
            return $"{original} copy";
        }

        if (json.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            throw ApiException.Invalid(Field, "Not a valid string.");
        }

        var name = json.ToString().Trim();
        return name.Length == 0 ? $"{original} copy"
            : name != original ? name
            : throw ApiException.Invalid(
                "non_field_errors", $"The original object is already named {name}, a copy from it cannot have the same name.");
    }
}
