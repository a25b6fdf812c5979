using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;

namespace ContainerGroups.Kubernetes.Simulation.Access;

/// <summary>Tokens, whom they stand for, and what each service account may do.</summary>
internal sealed class Accounts
{
    // Open to everybody who has authenticated: the cluster roles system:basic-user and system:public-info-viewer.
    private static readonly HashSet<string> ForEverybody =
        ["create selfsubjectaccessreviews.authorization.k8s.io", "create selfsubjectrulesreviews.authorization.k8s.io", "create selfsubjectreviews.authentication.k8s.io"];

    private readonly ConcurrentDictionary<string, Identity> _tokens = new();
    private readonly ConcurrentDictionary<string, Role> _roles = new();

    public string AdminToken { get; }

    public Accounts()
    {
        AdminToken = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        _tokens[AdminToken] = Identity.Admin;
    }

    /// <summary>A token of the service account's own, in the shape of the ones that clusters make.</summary>
    public string Issue(string @namespace, string name, Role role)
    {
        var identity = Identity.ServiceAccount(@namespace, name);
        _roles[identity.User] = role;
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["iss"] = "kubernetes/serviceaccount",
            ["kubernetes.io/serviceaccount/namespace"] = @namespace,
            ["kubernetes.io/serviceaccount/service-account.name"] = name,
            ["sub"] = identity.User,
        });
        ReadOnlyMemory<byte>[] parts = ["""{"alg":"RS256"}"""u8.ToArray(), claims, RandomNumberGenerator.GetBytes(64)];
        var token = string.Join('.', parts.Select(part => Base64Url.EncodeToString(part.Span)));
        _tokens[token] = identity;
        return token;
    }

    public void SetRole(string @namespace, string name, Role role) => _roles[Identity.ServiceAccount(@namespace, name).User] = role;

    public void Expire(string token) => _tokens.TryRemove(token, out _);

    /// <returns>Null for a token that is unknown or has expired.</returns>
    public Identity? Authenticate(string? authorization)
    {
        if (string.IsNullOrEmpty(authorization))
        {
            return Identity.Anonymous;
        }

        return authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? _tokens.GetValueOrDefault(authorization[7..].Trim()) : null;
    }

    public bool MayUse(Identity identity, string verb, string resource, string? @namespace)
    {
        if (identity.IsAdmin || (!identity.IsAnonymous && ForEverybody.Contains($"{verb} {resource}")))
        {
            return true;
        }

        return identity.Namespace is { } own && own == @namespace && _roles.GetValueOrDefault(identity.User, Role.None).Allows(verb, resource);
    }
}
