using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Kubernetes.Credentials;

/// <summary>What can be said of the values without asking the cluster. No message holds the token or the certificate.</summary>
internal static class BearerTokenRules
{
    public static IReadOnlyList<InputError> Check(InputValues inputs)
    {
        var errors = new List<InputError>();
        Add(BearerTokenType.Host, HostFault);
        Add(BearerTokenType.Token, TokenFault);
        Add(BearerTokenType.Authority, text => TryReadAuthorities(text, out var fault) is null ? fault : null);
        return errors;

        void Add(string field, Func<string, string?> check)
        {
            if (inputs.GetString(field) is { Length: > 0 } text && check(text) is { } message)
            {
                errors.Add(new InputError { Field = field, Message = message });
            }
        }
    }

    /// <summary>The API's address; null when the text is none.</summary>
    public static Uri? Endpoint(string host) =>
        HostFault(host) is null ? new Uri(host.EndsWith('/') ? host : host + "/", UriKind.Absolute) : null;

    /// <summary>The certificates of a PEM text; null when there is none, or one that can't be read.</summary>
    public static X509Certificate2Collection? TryReadAuthorities(string pem, out string fault)
    {
        const string expected = "PEM is expected: -----BEGIN CERTIFICATE----- and so on, as the cluster's ca.crt holds it";
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            fault = LooksEncoded(pem)
                ? $"It is the Base64 of a kubeconfig; decode it first. {expected}."
                : $"It holds no certificate. {expected}.";
            return certificates.Count > 0 ? certificates : null;
        }
        catch (CryptographicException)
        {
            fault = $"It holds a certificate that can't be read: it may have been cut off or changed. {expected}.";
            return null;
        }
    }

    private static string? HostFault(string host)
    {
        if (host.Any(char.IsWhiteSpace))
        {
            return "A URL has no spaces or line breaks.";
        }

        if (!Uri.TryCreate(host, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
        {
            return "A URL is expected, such as https://api.cluster.example.com:6443.";
        }

        if (url.UserInfo.Length > 0)
        {
            return "The URL must not hold a user or a password; the token is a field of its own.";
        }

        return url.Query.Length > 0 || url.Fragment.Length > 0 ? "The URL must end with its path: no '?' and no '#'." : null;
    }

    private static string? TokenFault(string token)
    {
        if (token.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return "Give the token alone, without \"Bearer\".";
        }

        if (token.Any(char.IsWhiteSpace))
        {
            return "A token has no spaces or line breaks; perhaps it was copied with those of the terminal.";
        }

        return token.All(c => c is > ' ' and <= '~') ? null : "A token has ASCII letters, digits and signs only.";
    }

    private static bool LooksEncoded(string text) => text.TrimStart().StartsWith("LS0tLS1CRUdJTi", StringComparison.Ordinal);
}
