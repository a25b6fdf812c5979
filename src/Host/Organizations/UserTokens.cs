using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Organizations;

/// <summary>A user's tokens: all of them, those of his own, and those that applications have for him. Only he makes new ones.</summary>
internal static class UserTokens
{
    public static SubList<User, AccessToken> All() => new("tokens", (_, id) => token => token.UserId == id)
    {
        Prefill = (_, _) => { },
        MayCreate = IsHimself,
    };

    public static SubList<User, AccessToken> Personal() => new("personal_tokens", (_, id) => token => token.UserId == id && token.ApplicationId == null)
    {
        Prefill = (body, _) => body.Remove("application"),
        MayCreate = IsHimself,
    };

    public static SubList<User, AccessToken> OfApplications() => new("authorized_tokens", (_, id) => token => token.UserId == id && token.ApplicationId != null)
    {
        Prefill = (body, _) =>
        {
            if (!body.TryGet("application", out var application) || application.ValueKind == System.Text.Json.JsonValueKind.Null)
            {
                throw ApiException.Invalid("application", "This field is required.");
            }
        },
        MayCreate = IsHimself,
    };

    private static bool IsHimself(ApiCall call, User user) => call.Caller.UserId == user.Id;
}
