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
            // An index in it is a place counted from the slice's first byte.
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
        var before = matcher.Pending(_state);
        var room = slice.Length + LineJoiner.Growth;
        var joined = ArrayPool<byte>.Shared.Rent(room);
        var places = ArrayPool<int>.Shared.Rent(before + room);
        _pendingPlaces.AsSpan(0, before).CopyTo(places);
        var count = _joiner.Join(slice, joined, places.AsSpan(before));
        _matches.Clear();
        _state = matcher.Read(joined.AsSpan(0, count), _state, _matches);
        foreach (var (start, end) in _matches)
        {
            foreach (var place in places.AsSpan(before + start, end - start))
            {
                masked[first + place] = SecretMasker.Mask;
            }
        }

        KeepPending(places.AsSpan(0, before + count), slice.Length);
        ArrayPool<int>.Shared.Return(places);
        // It may hold secrets.
        ArrayPool<byte>.Shared.Return(joined, clearArray: true);
    }

    private void KeepPending(ReadOnlySpan<int> places, int passed)
    {
        places = places[^matcher.Pending(_state)..];
        if (_pendingPlaces.Length < places.Length)
        {
            _pendingPlaces = new int[places.Length];
        }

        for (var i = 0; i < places.Length; i++)
        {
            _pendingPlaces[i] = places[i] - passed;
        }
    }
}
