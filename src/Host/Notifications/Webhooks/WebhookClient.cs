using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Host.Rest;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Notifications.Webhooks;

/// <summary>Calls webhooks: within a time, by no proxy, following nobody's redirects, reading nothing of the answer but its status.</summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly string[] Reserved = ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Expect", "TE", "Trailer"];

    private readonly WebhookAddresses _addresses;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;
    private readonly HttpClient _verifying;
    private readonly HttpClient _trusting;

    public WebhookClient(WebhookAddresses addresses, IOptions<NotificationsOptions> options, TimeProvider clock)
    {
        (_addresses, _timeout, _clock) = (addresses, options.Value.Timeout, clock);
        _verifying = Make(new SslClientAuthenticationOptions());
        // What its user has asked for, by AWX's disable_ssl_verification.
        _trusting = Make(new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true });
    }

    /// <summary>Whether a header is not for people to set.</summary>
    public static bool IsReserved(string header) => Reserved.Contains(header, StringComparer.OrdinalIgnoreCase);

    public static bool TryAdd(HttpRequestMessage request, string header, string value)
    {
        // Those of a content are refused by a request, and the other way round.
        request.Content ??= new ByteArrayContent([]);
        if (header.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
        {
            request.Content.Headers.Remove(header);
        }

        return request.Headers.TryAddWithoutValidation(header, value) || request.Content.Headers.TryAddWithoutValidation(header, value);
    }

    /// <param name="id">Of the notification: whoever gets it twice can tell.</param>
    /// <param name="settings">Where and how.</param>
    /// <param name="secrets">In clear, by field.</param>
    /// <param name="body">JSON.</param>
    /// <param name="cancellationToken">Stops; it is not known then what the receiver has got.</param>
    public async Task<WebhookOutcome> SendAsync(
        long id, WebhookSettings settings, IReadOnlyDictionary<string, string> secrets, string body, CancellationToken cancellationToken)
    {
        var url = new Uri(settings.Url);
        if (_addresses.FaultOf(url) is { } fault)
        {
            return WebhookOutcome.Failed(fault, isLasting: true);
        }

        using var limit = new CancellationTokenSource(_timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = Request(id, url, settings, secrets, Encoding.UTF8.GetBytes(body));
        try
        {
            var client = settings.SkipsVerification ? _trusting : _verifying;
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(answer.StatusCode);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return WebhookOutcome.Failed($"no answer within {_timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s", isLasting: false);
        }
        catch (HttpRequestException e)
        {
            var cause = e.GetBaseException();
            return WebhookOutcome.Failed(cause.Message, isLasting: cause is WebhookRefusedException);
        }
    }

    public void Dispose()
    {
        _verifying.Dispose();
        _trusting.Dispose();
    }

    /// <summary>What the receiver calls the request's own fault will be that at the next attempt, too.</summary>
    private static WebhookOutcome Judge(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => WebhookOutcome.Sent,
        >= 300 and < 400 => WebhookOutcome.Failed($"{(int)status}; redirects are not followed", isLasting: true),
        408 or 425 or 429 or >= 500 => WebhookOutcome.Failed($"{(int)status}", isLasting: false),
        _ => WebhookOutcome.Failed($"{(int)status}", isLasting: true),
    };

    private static HttpRequestMessage Request(
        long id, Uri url, WebhookSettings settings, IReadOnlyDictionary<string, string> secrets, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(settings.Method), url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd($"ContainerGroups/{ServerVersion.Current}");
        request.Headers.Add("X-Notification-Id", id.ToString(CultureInfo.InvariantCulture));
        var password = secrets.GetValueOrDefault(WebhookSettings.PasswordField) ?? "";
        if (settings.Username.Length > 0 || password.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.Username}:{password}")));
        }

        if (secrets.GetValueOrDefault(WebhookSettings.SecretField) is { Length: > 0 } secret)
        {
            var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
            request.Headers.Add("X-Hub-Signature-256", $"sha256={signature}");
        }

        foreach (var (name, value) in settings.Headers)
        {
            if (name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.Remove(name);
            }

            TryAdd(request, name, value);
        }

        return request;
    }

    private HttpClient Make(SslClientAuthenticationOptions tls) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectCallback = _addresses.ConnectAsync,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        SslOptions = tls,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
