using System.Buffers.Text;
using System.Text.Json;

namespace ContainerGroups.Kubernetes.Credentials;

/// <summary>What a service account's token says of itself. Unproven: the cluster decides whether it is true. Other tokens say nothing.</summary>
internal sealed record TokenClaims
{
    public string? UserName { get; private init; }

    public DateTimeOffset? Expires { get; private init; }

    public static TokenClaims Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return new TokenClaims();
        }

        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            return new TokenClaims
            {
                UserName = claims.RootElement.TryGetProperty("sub", out var subject) ? subject.GetString() : null,
                Expires = claims.RootElement.TryGetProperty("exp", out var end) && end.TryGetInt64(out var seconds)
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                    : null,
            };
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return new TokenClaims();
        }
    }

    /// <summary>The namespace of a service account's user name; null for any other user.</summary>
    public static string? NamespaceOf(string? userName) =>
        (userName ?? "").Split(':') is ["system", "serviceaccount", { Length: > 0 } own, _] ? own : null;
}
