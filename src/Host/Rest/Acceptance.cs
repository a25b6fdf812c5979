using Microsoft.Net.Http.Headers;

namespace ContainerGroups.Host.Rest;

/// <summary>Whether a client takes what there is, by its header <c>Accept</c>.</summary>
internal static class Acceptance
{
    /// <summary>What some URL or other answers with. A browser, which asks for a page first, gets JSON.</summary>
    public static readonly string[] Offered =
        ["application/json", "text/html", "text/plain", "application/octet-stream", "application/openmetrics-text"];

    public static bool TakesAny(HttpRequest request, params ReadOnlySpan<string> offered)
    {
        // A header that makes no sense asks for nothing.
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return true;
        }

        foreach (var type in offered)
        {
            if (accepted.Any(range => range.Quality is not 0 && Covers(range, type)))
            {
                return true;
            }
        }

        return false;
    }

    public static ApiException Refusal() =>
        ApiException.Detail(StatusCodes.Status406NotAcceptable, "Could not satisfy the request Accept header.");

    private static bool Covers(MediaTypeHeaderValue range, string type)
    {
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        return range.MatchesAllTypes
            || (range.Type.Equals(type[..slash], StringComparison.OrdinalIgnoreCase)
                && (range.MatchesAllSubTypes || range.SubType.Equals(type[(slash + 1)..], StringComparison.OrdinalIgnoreCase)));
    }
}
