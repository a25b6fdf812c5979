using System.Buffers;

namespace ContainerGroups.Host.Output.Masking;

/// <summary>
/// Masks byte strings in a stream though lines end inside them. What stands between two lines is passed over, and is no part of a match.
/// </summary>
internal sealed class BrokenForms(SecretMatcher matcher)
{
    /// <summary>So much at a time that all that is made of it stays near the processor.</summary>
    private const int SliceBytes = 4096;

    private readonly LineJoiner _joiner = new();
    private readonly MatchRanges _matches = new();
    private int _state = SecretMatcher.Start;

    /// <summary>Where the bytes stand that may be the beginning of a match, counted from the next byte: less than 0.</summary>
    private int[] _pendingPlaces = [];

    /// <summary>How many bytes before a point must be seen for the matches after it to be right.</summary>
    public int Context => matcher.Longest == 0 ? 0 : (matcher.Longest * (1 + LineJoiner.LongestGap)) + LineJoiner.LongestEscape;

    /// <summary>How many bytes there are from the first on that may be the beginning of a match.</summary>
    public int Pending => matcher.Pending(_state) > 0 ? -_pendingPlaces[0] : 0;

    /// <summary>Takes the next bytes of the stream.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="masked">Gets the masks: the same bytes at its end, and before them at least the <see cref="Pending"/> ones.</param>
    public void Take(ReadOnlySpan<byte> text, Span<byte> masked)
    {
        while (matcher.Longest > 0 && !text.IsEmpty)
        {
            var slice = text[..Math.Min(text.Length, SliceBytes)];
            TakeSlice(slice, masked, masked.Length - text.Length);
            text = text[slice.Length..];
        }
    }

    public void Reset()
    {
        _state = SecretMatcher.Start;
        _joiner.Reset();
    }

    private void TakeSlice(ReadOnlySpan<byte> slice, Span<byte> masked, int first)
    {
        var joined = ArrayPool<byte>.Shared.Rent(slice.Length + LineJoiner.Room);
        var places = ArrayPool<ushort>.Shared.Rent(slice.Length + LineJoiner.Room);
        var count = _joiner.Join(slice, joined, places);
        var before = matcher.Pending(_state);
        _matches.Clear();
        _state = matcher.Read(joined.AsSpan(0, count), _state, _matches);
        foreach (var (start, end) in _matches)
        {
            for (var i = start; i < end; i++)
            {
                masked[first + (i < 0 ? _pendingPlaces[before + i] : places[i])] = SecretMasker.Mask;
            }
        }

        KeepPending(before, places.AsSpan(0, count), slice.Length);
        ArrayPool<ushort>.Shared.Return(places);
        // It may hold secrets.
        ArrayPool<byte>.Shared.Return(joined, clearArray: true);
    }

    /// <summary>Remembers where the last bytes stand: of those before the slice some, and of the slice.</summary>
    private void KeepPending(int before, ReadOnlySpan<ushort> places, int passed)
    {
        var pending = matcher.Pending(_state);
        var own = Math.Min(pending, places.Length);
        var older = _pendingPlaces.AsSpan(before - (pending - own), pending - own);
        if (_pendingPlaces.Length < pending)
        {
            _pendingPlaces = new int[pending];
        }

        older.CopyTo(_pendingPlaces);
        places = places[^own..];
        for (var i = 0; i < pending; i++)
        {
            _pendingPlaces[i] = (i < pending - own ? _pendingPlaces[i] : places[i - (pending - own)]) - passed;
        }
    }
}
