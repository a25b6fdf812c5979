using System.Globalization;

namespace ContainerGroups.Kubernetes.Api;

/// <summary>How long a server asks to wait: in seconds, or until a date.</summary>
internal static class RetryAfter
{
    /// <summary>Nobody means more; and a date in the far future is a clock gone wrong.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.TryGetValues("Retry-After", out var values) ? Parse(values.First(), now) : null;

    /// <summary>Null for what is neither. Never negative, never more than <see cref="Longest"/>.</summary>
    public static TimeSpan? Parse(string text, DateTimeOffset now)
    {
        var trimmed = text.Trim();
        if (trimmed.Length > 0 && trimmed.All(char.IsAsciiDigit))
        {
            return long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < Longest.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : Longest;
        }

        return DateTimeOffset.TryParseExact(trimmed, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? Bound(date - now)
            : null;
    }

    public static TimeSpan? OfSeconds(int? seconds) => seconds is > 0 and var given ? Bound(TimeSpan.FromSeconds(given)) : null;

    private static TimeSpan Bound(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time > Longest ? Longest : time;
}
