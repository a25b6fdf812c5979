using System.Globalization;

namespace ContainerGroups.Host.Rest.Fields;

/// <summary>Moments as clients write them.</summary>
internal static class Moments
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>ISO 8601; without an offset it is UTC. Null for anything else.</summary>
    public static DateTime? Read(string text) =>
        DateTime.TryParseExact(
            // In a query "+" is a blank.
            text.Length > 19 && text[^6] == ' ' ? string.Concat(text.AsSpan(0, text.Length - 6), "+", text.AsSpan(text.Length - 5)) : text,
            Formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
            out var moment)
            ? moment
            : null;
}
