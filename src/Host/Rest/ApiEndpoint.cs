using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest.Activity;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest;

/// <summary>
/// One URL of the API with what each method does there. It checks who asks before anything else, gives the request a database context,
/// and answers other methods with 405.
/// </summary>
internal sealed class ApiEndpoint
{
    private readonly Dictionary<string, Func<ApiCall, Task>> _methods = new(StringComparer.OrdinalIgnoreCase);
    private bool _anonymous;
    private bool _unguarded;

    /// <summary>The answer to <c>OPTIONS</c>; null for one without a body.</summary>
    public Func<ApiCall, Task>? Options { get; set; }

    /// <summary>AWX's order: clients read it.</summary>
    public IEnumerable<string> Allowed
    {
        get
        {
            foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE"])
            {
                if (_methods.ContainsKey(method))
                {
                    yield return method;
                }
            }

            if (_methods.ContainsKey("GET"))
            {
                yield return "HEAD";
            }

            yield return "OPTIONS";
        }
    }

    public ApiEndpoint Get(Func<ApiCall, Task> handle) => Add("GET", handle);

    public ApiEndpoint Post(Func<ApiCall, Task> handle) => Add("POST", handle);

    public ApiEndpoint Put(Func<ApiCall, Task> handle) => Add("PUT", handle);

    public ApiEndpoint Patch(Func<ApiCall, Task> handle) => Add("PATCH", handle);

    public ApiEndpoint Delete(Func<ApiCall, Task> handle) => Add("DELETE", handle);

    /// <summary>Opens the URL to callers without an account.</summary>
    public ApiEndpoint Anonymous()
    {
        _anonymous = true;
        return this;
    }

    /// <summary>Leaves it to the handler to find out who asks: this is where callers log in.</summary>
    public ApiEndpoint Unguarded()
    {
        _unguarded = true;
        return this;
    }

    public void Map(IEndpointRouteBuilder endpoints, string pattern) => endpoints.Map(pattern, InvokeAsync);

    private ApiEndpoint Add(string method, Func<ApiCall, Task> handle)
    {
        _methods.Add(method, handle);
        return this;
    }

    private async Task InvokeAsync(HttpContext http)
    {
        var caller = _unguarded ? null : await AuthenticateAsync(http);
        http.Response.Headers.Allow = string.Join(", ", Allowed);
        var method = HttpMethods.IsHead(http.Request.Method) ? "GET" : http.Request.Method;
        var isOptions = HttpMethods.IsOptions(method);
        if (!isOptions && !HttpMethods.IsGet(method) && caller is { MayWrite: false })
        {
            throw ApiException.Forbidden();
        }

        if (!isOptions && !_methods.ContainsKey(method))
        {
            throw ApiException.MethodNotAllowed(http.Request.Method);
        }

        if (!Acceptance.TakesAny(http.Request, Acceptance.Offered))
        {
            throw Acceptance.Refusal();
        }

        var services = http.RequestServices;
        await using var db = await services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync(http.RequestAborted);
        var call = new ApiCall(http, caller, db, services.GetRequiredService<ResourceCatalog>(), services.GetRequiredService<ActivityLog>());
        await (isOptions ? Options?.Invoke(call) ?? call.AnswerNoContentAsync(StatusCodes.Status200OK) : _methods[method](call));
    }

    private async Task<Caller?> AuthenticateAsync(HttpContext http) =>
        // Wrong credentials are refused even where none are needed, as in AWX.
        await http.RequestServices.GetRequiredService<RequestLogin>().FindAsync(http) ?? (_anonymous ? null : throw NobodyKnown());

    private static LoginRefusedException NobodyKnown() => LoginRefusedException.WrongCredentials(
        "Authentication credentials were not provided. To establish a login session, visit /api/login/.");
}
