namespace ContainerGroups.Host.Rest;

/// <summary>The URLs of one resource: list, detail, actions, sub-lists.</summary>
internal sealed class ResourceEndpoints<T>(Resource<T> resource, ResourceCatalog catalog)
    where T : class
{
    /// <summary>Where the key stands in <c>/api/v2/things/KEY/</c>.</summary>
    private const int KeySegment = 3;

    private readonly RowStore<T> _store = new(resource, catalog);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var url = Resource.Root + resource.Segment;
        var list = new ApiEndpoint { Options = call => OptionsAnswer.ListAsync(call, resource) }.Get(ListAsync);
        if (resource.Methods.HasFlag(ResourceMethods.Create))
        {
            list.Post(CreateAsync);
        }

        list.Map(endpoints, url);
        MapDetail(endpoints, url + "/{key}");
        foreach (var action in resource.Actions)
        {
            MapAction(endpoints, $"{url}/{{key}}/{action.Name}", action);
        }

        foreach (var subList in resource.SubLists)
        {
            subList.Map(endpoints, resource, catalog);
        }
    }

    private void MapDetail(IEndpointRouteBuilder endpoints, string url)
    {
        var detail = new ApiEndpoint { Options = OptionsAsync }.Get(DetailAsync);
        if (resource.Methods.HasFlag(ResourceMethods.Update))
        {
            detail.Put(call => UpdateAsync(call, partial: false)).Patch(call => UpdateAsync(call, partial: true));
        }

        if (resource.Methods.HasFlag(ResourceMethods.Delete))
        {
            detail.Delete(DeleteAsync);
        }

        detail.Map(endpoints, url);
    }

    private void MapAction(IEndpointRouteBuilder endpoints, string url, ResourceAction<T> action)
    {
        var endpoint = new ApiEndpoint();
        Add(endpoint.Get, action.Get, null);
        Add(endpoint.Post, action.Post, action.Needs);
        Add(endpoint.Put, action.Put, action.Needs);
        Add(endpoint.Patch, action.Patch, action.Needs);
        Add(endpoint.Delete, action.Delete, action.Needs);
        endpoint.Map(endpoints, url);

        void Add(Func<Func<ApiCall, Task>, ApiEndpoint> add, Func<ApiCall, T, Task>? handle, string? right)
        {
            if (handle is not null)
            {
                add(async call =>
                {
                    var row = await FindAsync(call);
                    if (right is not null)
                    {
                        await resource.DemandAsync(call, row, right);
                    }

                    await handle(call, row);
                });
            }
        }
    }

    private Task<T> FindAsync(ApiCall call, bool tracked = false) =>
        RowLookup.FindAsync(call, resource, call.PathSegment(KeySegment), tracked);

    /// <summary>An object that is not there is answered too: clients ask so for what can be done with any.</summary>
    private async Task OptionsAsync(ApiCall call)
    {
        var mayEdit = false;
        try
        {
            mayEdit = await resource.AllowsAsync(call.Db, call.Caller, resource.IdOf(await FindAsync(call)), Right.Edit, call.Cancellation);
        }
        catch (ApiException)
        {
            // Nothing to be seen, nothing to be edited.
        }

        await OptionsAnswer.DetailAsync(call, resource, mayEdit);
    }

    private Task ListAsync(ApiCall call) => ListAnswer.WriteAsync(call, resource, resource.VisibleRows(call.Db, call.Caller));

    private async Task DetailAsync(ApiCall call) => await AnswerAsync(call, StatusCodes.Status200OK, await FindAsync(call));

    private async Task CreateAsync(ApiCall call)
    {
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        var row = resource.Creator is { } create
            ? await create(await _store.ReadAsync(call, body))
            : await _store.CreateAsync(call, body);
        await AnswerAsync(call, StatusCodes.Status201Created, row);
    }

    private async Task UpdateAsync(ApiCall call, bool partial)
    {
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        var row = await FindAsync(call, tracked: true);
        await _store.UpdateAsync(call, row, body, partial);
        await AnswerAsync(call, StatusCodes.Status200OK, row);
    }

    private async Task DeleteAsync(ApiCall call) =>
        await call.AnswerNoContentAsync(await _store.DeleteAsync(call, await FindAsync(call, tracked: true)));

    private async Task AnswerAsync(ApiCall call, int status, T row) =>
        await call.AnswerRowAsync(status, resource, row, await RowLookup.NamedUrlAsync(call, resource, resource.IdOf(row)));
}
