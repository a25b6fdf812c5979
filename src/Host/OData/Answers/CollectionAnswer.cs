using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Model;
using ContainerGroups.Host.OData.Reading;
using Microsoft.OData.Edm;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>Answers with a page of rows, by what the same request has come to before, or else from the beginning.</summary>
internal sealed class CollectionAnswer(ServiceRequest request, ReadContext context, DatabaseRead database, PayloadWriter payload, PlanCache plans)
{
    private readonly EntityWriter _entities = new(context, database, payload, request.Root);
    private readonly string _expand = request.Option("$expand") ?? "";
    private readonly PlanKey? _key = KeyOf(request, context);

    private CancellationToken Cancellation => request.Http.RequestAborted;

    /// <summary>Answers as the same request was answered before; false when there was none, or it can't be done again.</summary>
    public async Task<bool> TryRepeatAsync()
    {
        if (_key is null || !plans.TryFind(_key, out var plan) || plan.ValuesOf(request.Option("$skiptoken")) is not { } values)
        {
            return false;
        }

        await WriteAsync(plan.Entity, plan.Page, database.RowsAsync(plan.Rows, values, null), total: null);
        return true;
    }

    public async Task WriteAsync(ResourceTarget target, ReadOptions options)
    {
        var query = EntityQuery.Build(context, target.Entity, target.Source, options, SizeOf(request, context), 0);
        context.EndCount();
        if (query.Page.Shape.HasCollections && query.Page.Size > context.Limits.ExpandedPageSize)
        {
            query = EntityQuery.Build(context, target.Entity, target.Source, options, context.Limits.ExpandedPageSize, 0);
        }

        long? total = options.Count ? await database.CountAsync(query.Total) : null;
        if (target.Form == TargetForm.References || query.Scope.Entity is null)
        {
            await WriteAsync(target.Entity, query.Page, database.RowsAsync(null, [], query.Rows), total, target.Form == TargetForm.References);
            return;
        }

        var types = SkipToken.TypesOf(query.Keys);
        var values = options.SkipToken is { } token ? SkipToken.Known(token, types) : [];
        var plan = values?.Length <= Varying.Most
            && database.StatementOf(query.Rows, query.Values, [.. values.Select((value, place) => (Varying.NameOf(place), value))]) is { } statement
                ? new Plan(target.Entity, query.Page, statement, types)
                : null;
        await WriteAsync(target.Entity, query.Page, database.RowsAsync(plan?.Rows, values ?? [], query.Rows), total);
        if (_key is not null && plan is { Rows: { IsReusable: true, IsProven: true } } && !options.Count && !context.IsBoundToNow)
        {
            plans.Keep(_key, plan);
        }
    }

    public static int SizeOf(ServiceRequest request, ReadContext context) =>
        Math.Min(request.Format.MaxPageSize ?? context.Limits.PageSize, context.Limits.MaxPageSize);

    /// <summary>By what the request is found again; null for what is not a set by its name, or too long to be kept.</summary>
    private static PlanKey? KeyOf(ServiceRequest request, ReadContext context) =>
        request.Query.Length <= PlanCache.LongestQuery && request.Path.All(char.IsAsciiLetter)
            ? new PlanKey(request.Path, request.QueryWithout("$skiptoken"), request.Option("$skiptoken") is not null, context.Caller, SizeOf(request, context))
            : null;

    private async Task WriteAsync(EntityModel entity, Page page, IAsyncEnumerable<RowValues> rows, long? total, bool isReferences = false)
    {
        // What is expanded needs the connection that the rows come from.
        var kept = page.Shape.HasCollections ? await KeepAsync(page, rows) : null;
        await using var enumerator = (kept is null ? rows : kept.ToAsyncEnumerable()).GetAsyncEnumerator(Cancellation);
        // The first row before the first byte: whatever is wrong with the query is known by then.
        var found = await enumerator.MoveNextAsync();
        request.Http.Response.ContentType = request.Format.ContentType;
        payload.Json.WriteStartObject();
        payload.Context(request.Root, isReferences ? "Collection($ref)" : entity.SetName, isReferences ? "" : page.Shape.Projection);
        if (total is { } number)
        {
            payload.Json.WritePropertyName("@odata.count");
            payload.Value(EdmPrimitiveTypeKind.Int64, number);
        }

        payload.Json.WriteStartArray("value");
        await RowsAsync(page, enumerator, found, isReferences ? entity : null, kept);
        payload.Json.WriteEndObject();
        await payload.EndAsync(Cancellation);
    }

    /// <summary>The page's rows and, when there is a row behind them, the link to the next.</summary>
    private async Task RowsAsync(Page page, IAsyncEnumerator<RowValues> rows, bool found, EntityModel? references, List<RowValues>? kept)
    {
        object?[]? last = null;
        var written = 0;
        var batch = kept is null ? 0 : _entities.Expanded.BatchSize(page.Shape);
        if (!found && page.AlwaysHasRow)
        {
            _entities.Write(page.Shape, Aggregates.OfNothing(page.Shape));
        }

        while (found && written < page.Size)
        {
            if (references is not null)
            {
                _entities.Reference(references, rows.Current[page.Shape.KeyCell]!);
            }
            else if (kept is not null)
            {
                if (written % batch == 0)
                {
                    await _entities.Expanded.ReadAsync(page.Shape, kept[written..Math.Min(written + batch, Math.Min(kept.Count, page.Size))], Cancellation);
                }

                await _entities.WriteAsync(page.Shape, rows.Current, _expand, null, Cancellation);
            }
            else
            {
                _entities.Write(page.Shape, rows.Current);
            }

            written++;
            last = written == page.Size ? rows.Current.Copy(page.Cells) : null;
            await payload.FlushIfFullAsync(Cancellation);
            found = await rows.MoveNextAsync();
        }

        payload.Json.WriteEndArray();
        if (found && last is not null)
        {
            payload.Json.WriteString("@odata.nextLink", request.NextLink(NextLink.Token(page, last), page.Left));
        }
    }

    private static async Task<List<RowValues>> KeepAsync(Page page, IAsyncEnumerable<RowValues> rows)
    {
        var kept = new List<RowValues>();
        await foreach (var row in rows)
        {
            kept.Add(new KeptRow(row.Copy(page.Cells)));
        }

        return kept;
    }
}
