using Microsoft.AspNetCore.Http;

namespace ContainerGroups.Kubernetes.Simulation.Api;

/// <summary>What a request's path and method ask for, in the words that RBAC decides by.</summary>
internal sealed record ResourceRequest(string Verb, string Group, string Resource, string Subresource, string? Namespace, string? Name)
{
    /// <summary>As a role names it: <c>pods/exec</c>, <c>selfsubjectaccessreviews.authorization.k8s.io</c>.</summary>
    public string FullResource => Resource + (Group == "" ? "" : "." + Group) + (Subresource == "" ? "" : "/" + Subresource);

    public RequestKind Kind => (FullResource, Verb) switch
    {
        ("pods", "create") => RequestKind.Create,
        ("pods", "get") => RequestKind.Get,
        ("pods", "list") => RequestKind.List,
        ("pods", "watch") => RequestKind.Watch,
        ("pods", "delete" or "deletecollection") => RequestKind.Delete,
        ("pods", "patch" or "update") => RequestKind.Patch,
        ("pods/exec", _) => RequestKind.Exec,
        ("events", _) => RequestKind.Events,
        ("namespaces", _) => RequestKind.Namespace,
        ("selfsubjectaccessreviews.authorization.k8s.io" or "selfsubjectreviews.authentication.k8s.io", _) => RequestKind.Review,
        _ => RequestKind.Other,
    };

    /// <returns>Null for a path that is no resource's.</returns>
    public static ResourceRequest? From(HttpRequest request)
    {
        var parts = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, rest) = parts switch
        {
            ["api", "v1", .. var tail] => ("", tail),
            ["apis", var name, _, .. var tail] => (name, tail),
            _ => ("", []),
        };
        string? @namespace = null;
        if (rest is ["namespaces", var inside, ..])
        {
            @namespace = inside;
            rest = rest.Length > 2 && rest[2] is not ("finalize" or "status") ? rest[2..] : rest;
        }

        if (rest.Length is 0 or > 3)
        {
            return null;
        }

        var named = rest.ElementAtOrDefault(1);
        return new(VerbOf(request, named), group, rest[0], rest.ElementAtOrDefault(2) ?? "", @namespace, named);
    }

    private static string VerbOf(HttpRequest request, string? name) => request.Method switch
    {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => name is null ? "deletecollection" : "delete",
        _ when request.Query["watch"].FirstOrDefault() is "true" or "1" or "" => "watch",
        _ => name is null ? "list" : "get",
    };
}
