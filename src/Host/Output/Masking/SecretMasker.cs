namespace ContainerGroups.Host.Output.Masking;

/// <summary>
/// Puts one <c>*</c> in place of each byte of a secret in a stream, wherever the stream is cut: bytes that may be the beginning of a secret
/// are held until the next ones tell. The length stays the same, so that offsets in the spool are offsets in what is stored.
/// </summary>
/// <param name="matcher">Finds the forms of the secrets.</param>
/// <param name="brokenMatcher">Finds those in which lines may end.</param>
internal sealed class SecretMasker(SecretMatcher matcher, SecretMatcher brokenMatcher)
{
    public const byte Mask = (byte)'*';

    private const int SmallestBuffer = 1024;

    private readonly BrokenForms _broken = new(brokenMatcher);
    private readonly MatchRanges _matches = new();
    private byte[] _buffer = [];
    private Range _held = ..0;
    private int _state = SecretMatcher.Start;

    /// <summary>How many bytes before a point must be seen for the masks after it to be right.</summary>
    public int Context => Math.Max(Math.Max(matcher.Longest - 1, 0), _broken.Context);

    /// <summary>Takes the next bytes of the stream.</summary>
    /// <returns>What is final by now, masked; good until the next call.</returns>
    public ReadOnlyMemory<byte> Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var masked = Append(bytes);
        var held = masked.Length - bytes.Length;
        _matches.Clear();
        _state = matcher.Read(bytes, _state, _matches);
        foreach (var (start, end) in _matches)
        {
            masked[(held + start)..(held + end)].Fill(Mask);
        }

        _broken.Take(bytes, masked);
        var final = masked.Length - Math.Max(matcher.Pending(_state), _broken.Pending);
        _held = final..masked.Length;
        return _buffer.AsMemory(0, final);
    }

    /// <summary>The stream has ended: what was held is final.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        var rest = _buffer.AsMemory(_held);
        _held = ..0;
        _state = SecretMatcher.Start;
        _broken.Reset();
        return rest;
    }

    /// <summary>What is held, and the bytes after it.</summary>
    private Span<byte> Append(ReadOnlySpan<byte> bytes)
    {
        var held = _buffer.AsSpan(_held);
        var length = held.Length + bytes.Length;
        if (_buffer.Length < length)
        {
            _buffer = new byte[Math.Max(length, SmallestBuffer)];
        }

        var all = _buffer.AsSpan(0, length);
        held.CopyTo(all);
        bytes.CopyTo(all[held.Length..]);
        return all;
    }
}
