using Microsoft.AspNetCore.Http.Features;

namespace ContainerGroups.Host.Rest;

/// <summary>The path as the client sent it. The server decodes all of it but <c>%2F</c>, after which a name that holds "%2F" and one that
/// holds "/" can't be told apart.</summary>
internal static class RawPath
{
    public static string Segment(HttpContext http, int index)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var path = target is { Length: > 0 } && target[0] == '/' ? target.Split('?')[0] : http.Request.Path.ToString();
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return index < segments.Length ? Uri.UnescapeDataString(segments[index]) : "";
    }
}
