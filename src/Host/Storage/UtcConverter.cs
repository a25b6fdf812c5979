using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ContainerGroups.Host.Storage;

/// <summary>Moments are stored and read as UTC on both providers; another kind going in is a bug and is told.</summary>
public sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
    value => Check(value),
    value => DateTime.SpecifyKind(value, DateTimeKind.Utc))
{
    private static DateTime Check(DateTime value) => value.Kind == DateTimeKind.Utc
        ? value
        : throw new ArgumentException($"A moment of kind {value.Kind} can't be stored; it has to be UTC.", nameof(value));
}
