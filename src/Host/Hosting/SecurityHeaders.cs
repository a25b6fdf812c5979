using System.Globalization;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Hosting;

/// <summary>Answers are data for programs: nothing in them is to be run, framed, guessed at or kept by a browser.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, IOptions<HttpsOptions> https)
{
    private readonly string? _strictTransport = https.Value.HstsMaxAge > TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $"max-age={(long)https.Value.HstsMaxAge.TotalSeconds}")
        : null;

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (_strictTransport is not null && context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = _strictTransport;
        }

        return next(context);
    }
}
