using System.Globalization;
using System.Security.Cryptography;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Reading;
using Microsoft.OData.Edm;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>Answers with what a path leads to, as the query options ask.</summary>
internal sealed class ResourceAnswer(ServiceRequest request, ReadContext context, DatabaseRead database, PayloadWriter payload)
{
    private readonly EntityWriter _entities = new(context, database, payload, request.Root);
    private readonly string _expand = request.Option("$expand") ?? "";

    private HttpResponse Response => request.Http.Response;

    private CancellationToken Cancellation => request.Http.RequestAborted;

    public Task WriteAsync(ResourceTarget target, ReadOptions options)
    {
        switch (target.Form)
        {
            case TargetForm.Count:
                request.Allow("$count", "$filter", "$search", "$apply", "$compute");
                return CountAsync(target, options);
            case TargetForm.Value or TargetForm.RawValue:
                request.Allow("a property");
                return ValueAsync(target);
            case TargetForm.References when target.IsSingle:
                request.Allow("a reference");
                return EntityAsync(target, new ReadOptions());
            case var _ when target.IsSingle:
                request.Allow("one entity", "$select", "$expand", "$compute");
                return EntityAsync(target, options);
            default:
                return CollectionAsync(target, options);
        }
    }

    private async Task CountAsync(ResourceTarget target, ReadOptions options)
    {
        var count = await database.CountAsync(EntityQuery.BuildTotal(context, target.Entity, target.Source, options));
        Response.ContentType = "text/plain;charset=utf-8";
        await Response.WriteAsync(count.ToString(CultureInfo.InvariantCulture), Cancellation);
    }

    private async Task ValueAsync(ResourceTarget target)
    {
        var property = target.Property!;
        var scope = RowScope.Of(target.Entity);
        var value = Types.To(Lambdas.Inline(property.Value, scope.Row), typeof(object));
        var rows = Lambdas.Select(target.Source, scope.Row, System.Linq.Expressions.Expression.NewArrayInit(typeof(object), value));
        if (await FirstAsync(rows) is not { } row)
        {
            throw ODataFault.NotFound($"There is no such entity in {target.Entity.SetName}.");
        }

        if (row[0] is not { } found)
        {
            Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (target.Form == TargetForm.RawValue)
        {
            Response.ContentType = "text/plain;charset=utf-8";
            await Response.WriteAsync(PayloadWriter.Text(property.Kind, found), Cancellation);
        }
        else
        {
            Begin();
            payload.Json.WriteStartObject();
            Context(target.ContextPath, "");
            payload.Json.WritePropertyName("value");
            payload.Value(property.Kind, found);
            payload.Json.WriteEndObject();
            await payload.FlushAsync(Cancellation);
        }
    }

    private async Task EntityAsync(ResourceTarget target, ReadOptions options)
    {
        var query = EntityQuery.Build(context, target.Entity, target.Source, options, 1, 0);
        context.EndCount();
        if (await FirstAsync(query.Rows) is not { } row)
        {
            Response.StatusCode = target.MayBeAbsent
                ? StatusCodes.Status204NoContent
                : throw ODataFault.NotFound($"There is no such entity in {target.Entity.SetName}.");
            return;
        }

        Begin();
        if (target.Form == TargetForm.References)
        {
            payload.Json.WriteStartObject();
            Context("$ref", "");
            payload.Json.WriteString("@odata.id", _entities.UrlOf(target.Entity, row[query.Shape.KeyCell]!));
            payload.Json.WriteEndObject();
        }
        else
        {
            await _entities.WriteAsync(query.Shape, row, _expand, () => Context(target.ContextPath, query.Shape.Projection, "/$entity"), Cancellation);
        }

        await SendUnlessKnownAsync();
    }

    private async Task CollectionAsync(ResourceTarget target, ReadOptions options)
    {
        var size = Math.Min(request.Format.MaxPageSize ?? context.Limits.PageSize, context.Limits.MaxPageSize);
        var query = EntityQuery.Build(context, target.Entity, target.Source, options, size, 0);
        context.EndCount();
        if (query.Shape.HasCollections && size > context.Limits.ExpandedPageSize)
        {
            query = EntityQuery.Build(context, target.Entity, target.Source, options, context.Limits.ExpandedPageSize, 0);
        }

        long? total = options.Count ? await database.CountAsync(query.Total) : null;
        // What is expanded needs the connection that the rows come from.
        var page = query.Shape.HasCollections ? await AllAsync(query.Rows) : null;
        var rows = page is null ? database.RowsAsync(query.Rows, Cancellation) : Buffered(page);
        await using var enumerator = rows.GetAsyncEnumerator(Cancellation);
        // The first row before the first byte: whatever is wrong with the query is known by then.
        var found = await enumerator.MoveNextAsync();
        Begin();
        var isReferences = target.Form == TargetForm.References;
        payload.Json.WriteStartObject();
        Context(isReferences ? "Collection($ref)" : target.Entity.SetName, isReferences ? "" : query.Shape.Projection);
        if (total is { } number)
        {
            payload.Json.WritePropertyName("@odata.count");
            payload.Value(EdmPrimitiveTypeKind.Int64, number);
        }

        payload.Json.WriteStartArray("value");
        await RowsAsync(query, enumerator, found, isReferences ? target : null, page);
        payload.Json.WriteEndObject();
        await payload.FlushAsync(Cancellation);
    }

    /// <summary>The page's rows and, when there is a row behind them, the link to the next.</summary>
    private async Task RowsAsync(EntityQuery query, IAsyncEnumerator<object?[]> rows, bool found, ResourceTarget? references, List<object?[]>? page)
    {
        object?[]? last = null;
        var written = 0;
        var batch = page is null ? 0 : _entities.Expanded.BatchSize(query.Shape);
        if (!found && query.AlwaysHasRow)
        {
            _entities.Write(query.Shape, Aggregates.OfNothing(query.Shape));
        }

        while (found && written < query.PageSize)
        {
            last = rows.Current;
            if (references is not null)
            {
                _entities.Reference(references.Entity, last[query.Shape.KeyCell]!);
            }
            else if (page is not null)
            {
                if (written % batch == 0)
                {
                    await _entities.Expanded.ReadAsync(query.Shape, page[written..Math.Min(written + batch, Math.Min(page.Count, query.PageSize))], Cancellation);
                }

                await _entities.WriteAsync(query.Shape, last, _expand, null, Cancellation);
            }
            else
            {
                _entities.Write(query.Shape, last);
            }

            written++;
            await payload.FlushIfFullAsync(Cancellation);
            found = await rows.MoveNextAsync();
        }

        payload.Json.WriteEndArray();
        if (found && last is not null)
        {
            payload.Json.WriteString("@odata.nextLink", request.NextLink(NextLink.Token(query, last), query.Left));
        }
    }

    private void Begin() => Response.ContentType = request.Format.ContentType;

    private void Context(string path, string projection, string suffix = "")
    {
        if (request.Format.Metadata != MetadataLevel.None)
        {
            payload.Json.WriteString("@odata.context", $"{request.Root}$metadata#{path}{(projection.Length == 0 ? "" : $"({projection})")}{suffix}");
        }
    }

    /// <summary>One entity has a tag of what is in it; who has that already gets no more than to know it.</summary>
    private async Task SendUnlessKnownAsync()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload.Unsent.Span, hash);
        var tag = $"W/\"{Convert.ToHexStringLower(hash[..12])}\"";
        Response.Headers.ETag = tag;
        var known = request.Http.Request.Headers.IfNoneMatch.ToString();
        if (known == "*" || known.Split(',').Any(item => item.Trim() == tag))
        {
            Response.StatusCode = StatusCodes.Status304NotModified;
            Response.ContentType = null;
            return;
        }

        await payload.FlushAsync(Cancellation);
    }

    private async Task<object?[]?> FirstAsync(System.Linq.Expressions.Expression rows)
    {
        var found = await AllAsync(rows);
        return found.Count > 0 ? found[0] : null;
    }

    private async Task<List<object?[]>> AllAsync(System.Linq.Expressions.Expression rows)
    {
        var all = new List<object?[]>();
        await foreach (var row in database.RowsAsync(rows, Cancellation))
        {
            all.Add(row);
        }

        return all;
    }

    private static async IAsyncEnumerable<object?[]> Buffered(List<object?[]> rows)
    {
        foreach (var row in rows)
        {
            yield return row;
        }

        await Task.CompletedTask;
    }
}
