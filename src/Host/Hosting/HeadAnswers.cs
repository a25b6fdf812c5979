using Microsoft.AspNetCore.Http.Features;

namespace ContainerGroups.Host.Hosting;

/// <summary>
/// Answers HEAD with the headers of GET alone. The web server drops what is written to the body's stream, but on HTTP/2 sends what is
/// written to its pipe, and clients end such a connection as broken.
/// </summary>
internal sealed class HeadAnswers(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsHead(http.Request.Method) || http.Features.Get<IHttpResponseBodyFeature>() is not { } body)
        {
            await next(http);
            return;
        }

        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null, body));
        try
        {
            await next(http);
        }
        finally
        {
            http.Features.Set(body);
        }
    }
}
