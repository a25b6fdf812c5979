using System.Globalization;
using System.Security.Cryptography;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Reading;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>Answers with what a path leads to, as the query options ask.</summary>
internal sealed class ResourceAnswer(ServiceRequest request, ReadContext context, DatabaseRead database, PayloadWriter payload, PlanCache plans)
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
                return new CollectionAnswer(request, context, database, payload, plans).WriteAsync(target, options);
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
            payload.Context(request.Root, target.ContextPath, "");
            payload.Json.WritePropertyName("value");
            payload.Value(property.Kind, found);
            payload.Json.WriteEndObject();
            await payload.EndAsync(Cancellation);
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
        var shape = query.Page.Shape;
        if (target.Form == TargetForm.References)
        {
            payload.Json.WriteStartObject();
            payload.Context(request.Root, "$ref", "");
            payload.Json.WriteString("@odata.id", _entities.UrlOf(target.Entity, row[shape.KeyCell]!));
            payload.Json.WriteEndObject();
        }
        else
        {
            await _entities.WriteAsync(
                shape, new KeptRow(row), _expand, () => payload.Context(request.Root, target.ContextPath, shape.Projection, "/$entity"), Cancellation);
        }

        await SendUnlessKnownAsync();
    }

    private void Begin() => Response.ContentType = request.Format.ContentType;

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

        await payload.EndAsync(Cancellation);
    }

    private async Task<object?[]?> FirstAsync(System.Linq.Expressions.Expression rows)
    {
        await foreach (var row in database.RowsAsync(rows, Cancellation))
        {
            return row;
        }

        return null;
    }
}
