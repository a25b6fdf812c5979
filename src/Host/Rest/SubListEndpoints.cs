using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest;

/// <summary>The URL of one list of children: shows them, attaches, detaches, creates.</summary>
internal sealed class SubListEndpoints<TParent, TChild>(SubList<TParent, TChild> list, Resource<TParent> parent, Resource<TChild> child)
    where TParent : class
    where TChild : class
{
    private const int KeySegment = 3;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var endpoint = new ApiEndpoint
        {
            Options = call => OptionsAnswer.SubListAsync(call, child, list.Creates, list.Attach is not null),
        }.Get(ListAsync);
        if (list.Attach is not null || list.Creates)
        {
            endpoint.Post(PostAsync);
        }

        endpoint.Map(endpoints, $"{Resource.Root}{parent.Segment}/{{key}}/{list.Name}");
    }

    private Task<TParent> FindParentAsync(ApiCall call) => RowLookup.FindAsync(call, parent, call.PathSegment(KeySegment));

    private async Task ListAsync(ApiCall call)
    {
        var id = parent.IdOf(await FindParentAsync(call));
        await ListAnswer.WriteAsync(
            call, child, child.VisibleRows(call.Db, call.Caller).Where(list.Where(call.Db, id)), list.Position?.Invoke(call.Db, id));
    }

    private async Task PostAsync(ApiCall call)
    {
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        var owner = await FindParentAsync(call);
        var id = ReadId(body) ?? (list.FindKnown is { } find ? await find(call, body) : null);
        if (id is not null && list.Attach is not null)
        {
            await RelateAsync(call, owner, id.Value, detach: body.Has("disassociate"));
            return;
        }

        if (!list.Creates || (list.Detach is not null && body.Has("disassociate")))
        {
            throw ApiException.BadMessage(body.Has("disassociate")
                ? "\"id\" is required to disassociate"
                : $"{child.ModelName} 'id' field is missing.");
        }

        await CreateAsync(call, owner, body);
    }

    private long? ReadId(RequestBody body)
    {
        if (list.Attach is null || !body.TryGet("id", out var json) || json.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var id)
            ? id
            : throw ApiException.BadMessage("\"id\" field must be an integer.");
    }

    private Task DemandAsync(ApiCall call, TParent owner) => list.Guard?.Invoke(call, owner) ?? parent.DemandAsync(call, owner, list.Needs);

    private async Task RelateAsync(ApiCall call, TParent owner, long id, bool detach)
    {
        await DemandAsync(call, owner);
        await using var transaction = await call.Db.Database.BeginTransactionAsync(call.Cancellation);
        var row = await child.VisibleRows(call.Db, call.Caller).AsNoTracking().SingleOrDefaultAsync(Resource<TChild>.HasId(id), call.Cancellation)
            ?? (detach ? await FindOnListAsync(call, parent.IdOf(owner), id) : null)
            ?? throw ApiException.BadRequest($"No {child.ModelName} matches the given query.");
        if (!detach && list.ChildNeeds is { } right)
        {
            await child.DemandAsync(call, row, right);
        }

        var wasThere = await IsOnListAsync(call, owner, id);
        await (detach ? list.Detach! : list.Attach!)(call, owner, row);
        if (wasThere == detach)
        {
            call.Activity.Related(call.Db, call.Caller.UserId, owner, list.Name, row, detach);
        }

        try
        {
            await call.Db.SaveChangesAsync(call.Cancellation);
            await transaction.CommitAsync(call.Cancellation);
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e) || e is DbUpdateConcurrencyException)
        {
            // Somebody else did the same at the same time; it is done.
        }

        foreach (var step in parent.Rules.AfterCommit)
        {
            await step(CancellationToken.None);
        }

        await call.AnswerNoContentAsync();
    }

    /// <summary>Who may change the list may take off it what he could not put there.</summary>
    private Task<TChild?> FindOnListAsync(ApiCall call, long ownerId, long id) => call.Db.Set<TChild>().AsNoTracking()
        .Where(list.Where(call.Db, ownerId)).SingleOrDefaultAsync(Resource<TChild>.HasId(id), call.Cancellation);

    /// <summary>What is done already is no change that anybody made.</summary>
    private Task<bool> IsOnListAsync(ApiCall call, TParent owner, long id) => call.Db.Set<TChild>()
        .Where(list.Where(call.Db, parent.IdOf(owner))).AnyAsync(Resource<TChild>.HasId(id), call.Cancellation);

    private async Task CreateAsync(ApiCall call, TParent owner, RequestBody body)
    {
        if (list.MayCreate is { } may && !may(call, owner))
        {
            throw ApiException.Forbidden();
        }

        if (list.Attach is not null)
        {
            await DemandAsync(call, owner);
        }

        if (list.Prefill is { } prefill)
        {
            prefill(body, owner);
        }
        else
        {
            body.Set(list.ParentField!, parent.IdOf(owner));
        }

        var store = new RowStore<TChild>(child, call.Catalog);
        var row = child.Creator is { } create
            ? await create(await store.ReadAsync(call, body))
            : await store.CreateAsync(call, body, made => AttachNewAsync(call, owner, made));
        await call.AnswerRowAsync(StatusCodes.Status201Created, child, row, await RowLookup.NamedUrlAsync(call, child, child.IdOf(row)));
    }

    private async Task AttachNewAsync(ApiCall call, TParent owner, TChild made)
    {
        if (list.Attach is { } attach)
        {
            await attach(call, owner, made);
            call.Activity.Related(call.Db, call.Caller.UserId, owner, list.Name, made, detached: false);
        }
    }
}
