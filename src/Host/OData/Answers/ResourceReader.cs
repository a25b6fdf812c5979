using ContainerGroups.Host.Access;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Model;
using ContainerGroups.Host.OData.Reading;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>Answers requests for data: as before when the same was asked before, else parsed, followed and bound.</summary>
internal sealed class ResourceReader(
    IDbContextFactory<AppDb> databases, EntityCatalog catalog, PlanCache plans, IOptions<ODataOptions> options, TimeProvider clock)
{
    public async Task AnswerAsync(ServiceRequest request, Caller caller, PayloadWriter payload)
    {
        request = AllEntitiesAnswer.OfOneType(request, catalog);
        await using var db = await databases.CreateDbContextAsync(request.Http.RequestAborted);
        var context = new ReadContext(db, caller, catalog, options.Value, clock.GetUtcNow().UtcDateTime);
        using var database = new DatabaseRead(context, request.Options, clock, request.Http.RequestAborted);
        if (await new CollectionAnswer(request, context, database, payload, plans).TryRepeatAsync())
        {
            return;
        }

        if (AllEntitiesAnswer.Is(request))
        {
            await new AllEntitiesAnswer(request, context, database, payload).WriteAsync();
            return;
        }

        var parser = new RequestParser(catalog.Schema, request);
        var path = parser.Path();
        var read = parser.Options();
        context.Aliases = parser.Aliases;
        var target = await new ResourcePath(context, database).FollowAsync(path);
        await new ResourceAnswer(request, context, database, payload, plans).WriteAsync(target, read);
    }
}
