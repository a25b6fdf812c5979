using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Login;

/// <summary>Which application calls: by <c>Basic</c> with its id and secret, or by both in the form.</summary>
internal static class OAuthClient
{
    /// <exception cref="ApiException">There is no such application, or its secret is wrong.</exception>
    public static async Task<OAuthApplication> RequireAsync(ApiCall call, FormBody form)
    {
        var (id, secret) = Read(call.Http.Request, form);
        if (id.Length == 0 || id.Contains('\0', StringComparison.Ordinal))
        {
            throw OAuthError.InvalidClient();
        }

        var application = await call.Db.OAuthApplications.AsNoTracking().SingleOrDefaultAsync(row => row.ClientId == id, call.Cancellation);
        return application is not null && (application.ClientType == OAuthApplication.Public || RandomSecret.Matches(secret, application.SecretDigest))
            ? application
            : throw OAuthError.InvalidClient();
    }

    private static (string Id, string Secret) Read(HttpRequest request, FormBody form)
    {
        var (scheme, value) = BasicCredentials.Split(request.Headers.Authorization.ToString());
        return scheme == "BASIC"
            ? BasicCredentials.Decode(value) is { } given
                ? (Uri.UnescapeDataString(given.Name), Uri.UnescapeDataString(given.Secret))
                : throw OAuthError.InvalidClient()
            : (form["client_id"], form["client_secret"]);
    }
}
