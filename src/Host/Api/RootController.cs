using ContainerGroups.Host.Access.Sessions;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;

namespace ContainerGroups.Host.Api;

/// <summary><c>/api/</c> and <c>/api/v2/</c>: what there is. Clients build their commands from the keys, so only what exists is listed.</summary>
internal sealed class RootController(ResourceCatalog catalog)
{
    /// <summary>AWX's order of keys; what AWX doesn't have comes after.</summary>
    private static readonly List<string> Order =
    [
        "ping", "instances", "instance_groups", "config", "settings", "me", "dashboard", "organizations", "users", "execution_environments",
        "projects", "project_updates", "teams", "credentials", "credential_types", "applications", "tokens", "metrics", "inventory", "groups",
        "hosts", "job_templates", "jobs", "ad_hoc_commands", "schedules", "roles", "notification_templates", "notifications", "labels",
        "unified_job_templates", "unified_jobs", "activity_stream",
    ];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        // Who only knows the server's name comes to where everything begins.
        endpoints.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)RedirectToApi);
        new ApiEndpoint().Get(ShowVersionsAsync).Anonymous().Map(endpoints, "/api");
        new ApiEndpoint().Get(ShowResourcesAsync).Anonymous().Map(endpoints, "/api/v2");
    }

    private static Task RedirectToApi(HttpContext http)
    {
        http.Response.Redirect("/api/");
        return Task.CompletedTask;
    }

    /// <summary>Clients that log in come here first, for the token that the login asks for.</summary>
    private static Task ShowVersionsAsync(ApiCall call)
    {
        SessionCookies.OfferCsrf(call.Http);
        return call.AnswerAsync(
            StatusCodes.Status200OK,
            ("description", "AWX REST API"),
            ("current_version", Resource.Root),
            ("available_versions", new RawJson($"{{\"v2\":\"{Resource.Root}\"}}")),
            ("oauth2", "/api/o/"),
            ("custom_logo", ""),
            ("custom_login_info", ""),
            ("login_redirect_override", ""));
    }

    private Task ShowResourcesAsync(ApiCall call)
    {
        var own = new[] { "ping", "config", "me", "dashboard", "metrics", "plugins" }.Select(name => (Key: name, Url: (object?)$"{Resource.Root}{name}/"));
        var resources = catalog.Resources.Where(resource => resource.RootKey is not null)
            .Select(resource => (Key: resource.RootKey!, Url: (object?)resource.ListUrl));
        return call.AnswerAsync(StatusCodes.Status200OK, own.Concat(resources).OrderBy(pair => Place(pair.Key)));
    }

    private static int Place(string key) => Order.IndexOf(key) is >= 0 and var place ? place : Order.Count;
}
