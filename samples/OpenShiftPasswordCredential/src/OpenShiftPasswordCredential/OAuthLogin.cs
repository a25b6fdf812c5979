using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ContainerGroups.Abstractions;

namespace OpenShiftPasswordCredential;

/// <summary>OpenShift's login with a password: its OAuth server gives a token for a challenge that is answered at once.</summary>
internal sealed class OAuthLogin(ClusterLogin login)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static bool IsPem(string text)
    {
        try
        {
            return Read(text).Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public async Task<ConnectionTest> TryAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient(Handler()) { Timeout = Patience };
        try
        {
            var server = new Uri(login.Host!.TrimEnd('/') + "/");
            using var document = await DiscoverAsync(client, server, cancellationToken);
            if (document is null || !document.RootElement.TryGetProperty("authorization_endpoint", out var endpoint)
                || !Uri.TryCreate(endpoint.GetString(), UriKind.Absolute, out var authorize))
            {
                return new ConnectionTest { Reachable = true, Message = $"{server} is no OpenShift cluster: it does not tell where to log in." };
            }

            return await LogInAsync(client, server, authorize, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            var cause = e.InnerException is AuthenticationException ? "its certificate is not trusted" : e.Message;
            return new ConnectionTest { Reachable = false, Message = $"{login.Host} can't be reached: {cause}" };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ConnectionTest { Reachable = false, Message = $"{login.Host} does not answer within {Patience.TotalSeconds:0} s." };
        }
    }

    private static async Task<JsonDocument?> DiscoverAsync(HttpClient client, Uri server, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri(server, ".well-known/oauth-authorization-server"), cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<ConnectionTest> LogInAsync(HttpClient client, Uri server, Uri authorize, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"{authorize}?response_type=token&client_id=openshift-challenging-client");
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.Username}:{login.Password}"));
        request.Headers.TryAddWithoutValidation("Authorization", $"Basic {pair}");
        // Any value: it shows that no browser was led here.
        request.Headers.TryAddWithoutValidation("X-CSRF-Token", "1");
        using var answer = await client.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new ConnectionTest { Reachable = true, Authenticated = false, Message = $"{server} does not accept the user name and password." };
        }

        if (TokenIn(answer.Headers.Location) is not { } token)
        {
            return new ConnectionTest { Reachable = true, Message = $"{server} answers the login with {(int)answer.StatusCode} and no token." };
        }

        await RevokeAsync(client, server, token, cancellationToken);
        return new ConnectionTest
        {
            Reachable = true,
            Authenticated = true,
            Message = $"{server} accepts {login.Username}.",
            Details = new Dictionary<string, string> { ["user"] = login.Username! },
        };
    }

    /// <summary>A test leaves nothing behind: the token that it was given is taken back.</summary>
    private static async Task RevokeAsync(HttpClient client, Uri server, string token, CancellationToken cancellationToken)
    {
        const string Scheme = "sha256~";
        if (!token.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return;
        }

        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token[Scheme.Length..]))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        using var request = new HttpRequestMessage(
            HttpMethod.Delete, new Uri(server, $"apis/oauth.openshift.io/v1/useroauthaccesstokens/{Scheme}{hash}"));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var answer = await client.SendAsync(request, cancellationToken);
    }

    private static string? TokenIn(Uri? location) => location is { IsAbsoluteUri: true }
        ? location.Fragment.TrimStart('#').Split('&').Select(pair => pair.Split('=', 2))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0] == "access_token")?[1] is { } value ? Uri.UnescapeDataString(value) : null
        : null;

    private SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        if (!login.VerifyCertificate)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
        }
        else if (login.Authority is { } authority)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(Read(authority));
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    private static X509Certificate2Collection Read(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }
}
