using System.Globalization;

namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>Times as clocks on the wall show them, and what they are in UTC.</summary>
internal static class LocalTimes
{
    public static bool TryRead(string text, out DateTime time) =>
        DateTime.TryParseExact(text, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    /// <summary>A time that clocks show twice is the first of the two; one that they jump over is told by the offset before.</summary>
    public static DateTime ToUtc(DateTime local, TimeZoneInfo zone)
    {
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        var ticks = Math.Clamp(local.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTime(ticks, DateTimeKind.Utc);
    }
}
