using System.Globalization;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Model;
using ContainerGroups.Host.OData.Reading;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>
/// Answers <c>$all</c>: every entity that the caller may see, set after set, each with its type. What holds for one type alone is asked of
/// <c>$all/TYPE</c>, which is the set of that type.
/// </summary>
internal sealed class AllEntitiesAnswer(ServiceRequest request, ReadContext context, DatabaseRead database, PayloadWriter payload)
{
    private const string Path = "$all";

    private readonly EntityWriter _entities = new(context, database, payload, request.Root) { IsMixed = true };

    private CancellationToken Cancellation => request.Http.RequestAborted;

    public static bool Is(ServiceRequest request) => request.Path is Path or Path + "/$count";

    /// <summary>The same request for the set, when it is for all entities of a type.</summary>
    public static ServiceRequest OfOneType(ServiceRequest request, EntityCatalog catalog)
    {
        if (Is(request) || !request.Path.StartsWith(Path + "/", StringComparison.Ordinal))
        {
            return request;
        }

        var parts = request.Path.Split('/', 3);
        var set = catalog.Sets.FirstOrDefault(set => $"{EdmSchema.Namespace}.{set.TypeName}" == parts[1])
            ?? throw ODataFault.NotFound($"{parts[1]} is no type of an entity: $all may be followed by one, or by $count.");
        return request with { Path = string.Join('/', [set.SetName, .. parts[2..]]) };
    }

    public async Task WriteAsync()
    {
        var isCount = request.Path != Path;
        request.Allow("all entities", isCount ? ["$search"] : ["$search", "$top", "$skip", "$count", "$skiptoken"]);
        // The options that are left mean the same for every set.
        var options = new RequestParser(context.Catalog.Schema, request with { Path = context.Catalog.Sets[0].SetName }).Options();
        if (isCount)
        {
            request.Http.Response.ContentType = "text/plain;charset=utf-8";
            await request.Http.Response.WriteAsync((await TotalAsync(options)).ToString(CultureInfo.InvariantCulture), Cancellation);
            return;
        }

        var size = Math.Min(options.Top ?? int.MaxValue, CollectionAnswer.SizeOf(request, context));
        long? total = options.Count ? await TotalAsync(options) : null;
        await using var rows = RowsAsync(options, size).GetAsyncEnumerator(Cancellation);
        // The first row before the first byte: whatever is wrong with the query is known by then.
        var found = await rows.MoveNextAsync();
        request.Http.Response.ContentType = request.Format.ContentType;
        payload.Json.WriteStartObject();
        payload.Context(request.Root, "Collection(Edm.EntityType)", "");
        if (total is { } number)
        {
            payload.Json.WritePropertyName("@odata.count");
            payload.Value(Microsoft.OData.Edm.EdmPrimitiveTypeKind.Int64, number);
        }

        payload.Json.WriteStartArray("value");
        await WriteAsync(rows, found, size, options.Top - size);
        payload.Json.WriteEndObject();
        await payload.EndAsync(Cancellation);
    }

    private async Task WriteAsync(IAsyncEnumerator<EntityRow> rows, bool found, int size, int? left)
    {
        string? next = null;
        for (var written = 0; found && written < size; written++)
        {
            var (entity, page, row) = rows.Current;
            _entities.Write(page.Shape, row);
            next = written == size - 1 ? $"{entity.SetName}.{NextLink.Token(page, row.Copy(page.Cells))}" : null;
            await payload.FlushIfFullAsync(Cancellation);
            found = await rows.MoveNextAsync();
        }

        payload.Json.WriteEndArray();
        if (found && next is not null && left is not 0)
        {
            payload.Json.WriteString("@odata.nextLink", request.NextLink(next, left));
        }
    }

    /// <summary>The rows behind those that are passed over, from the set on that the token names; one more than asked for, if there is one.</summary>
    private async IAsyncEnumerable<EntityRow> RowsAsync(ReadOptions options, int size)
    {
        var (sets, token) = Rest(options.SkipToken);
        var skip = (long)(options.Skip ?? 0);
        foreach (var entity in sets)
        {
            if (skip > 0 && await database.CountAsync(EntityQuery.BuildTotal(context, entity, context.Rows(entity), options)) is var there && there <= skip)
            {
                skip -= there;
                continue;
            }

            var query = EntityQuery.Build(
                context, entity, context.Rows(entity), options with { SkipToken = token, Skip = (int)skip, Top = null, Count = false }, size, 0);
            context.EndCount();
            (token, skip) = (null, 0);
            await foreach (var row in database.RowsAsync(null, [], query.Rows))
            {
                yield return new EntityRow(entity, query.Page, row);
            }
        }
    }

    private async Task<long> TotalAsync(ReadOptions options)
    {
        var total = 0L;
        foreach (var entity in context.Catalog.Sets)
        {
            total += await database.CountAsync(EntityQuery.BuildTotal(context, entity, context.Rows(entity), options));
            context.EndCount();
        }

        return total;
    }

    /// <summary>The sets from the one on that a token names, and what it says of that one.</summary>
    private (IEnumerable<EntityModel> Sets, string? Token) Rest(string? token)
    {
        if (token is null)
        {
            return (context.Catalog.Sets, null);
        }

        var rest = context.Catalog.Sets.SkipWhile(set => !token.StartsWith(set.SetName + ".", StringComparison.Ordinal)).ToList();
        return rest.Count > 0 ? (rest, token[(rest[0].SetName.Length + 1)..]) : throw SkipToken.Wrong;
    }

    private sealed record EntityRow(EntityModel Entity, Page Page, RowValues Row);
}
