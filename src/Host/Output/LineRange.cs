using System.Globalization;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Output;

/// <summary>Which lines are asked for: half-open, counted from 0, a negative number from the end.</summary>
internal sealed record LineRange(long Start, long? End)
{
    /// <summary>Whether less than everything was asked for.</summary>
    public bool IsGiven => Start != 0 || End is not null;

    /// <exception cref="ApiException">A number is none.</exception>
    public static LineRange Read(IQueryCollection query)
    {
        var errors = new FieldErrors();
        var start = Number(query, "start_line", errors) ?? 0;
        var end = Number(query, "end_line", errors);
        return errors.Any ? throw ApiException.Invalid(errors) : new LineRange(start, end);
    }

    /// <summary>The lines that it means among so many.</summary>
    public (long Start, long End) Within(long lines)
    {
        var start = Math.Clamp(Start < 0 ? lines + Start : Start, 0, lines);
        var end = End is null ? lines : Math.Clamp(End.Value < 0 ? lines + End.Value : End.Value, 0, lines);
        return (start, Math.Max(start, end));
    }

    private static long? Number(IQueryCollection query, string name, FieldErrors errors)
    {
        var text = query[name].LastOrDefault();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        errors.Add(name, "A valid integer is required.");
        return null;
    }
}
