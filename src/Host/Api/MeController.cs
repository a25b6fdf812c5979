using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Api;

/// <summary><c>/api/v2/me/</c>: a list of exactly the calling user; clients try their credentials here.</summary>
internal static class MeController
{
    public static Task ShowAsync(ApiCall call)
    {
        var users = call.Catalog.Get<User>();
        return ListAnswer.WriteAsync(call, users, users.VisibleRows(call.Db, call.Caller).Where(Resource<User>.HasId(call.Caller.UserId)));
    }
}
