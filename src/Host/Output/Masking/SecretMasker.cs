using System.Buffers;

namespace ContainerGroups.Host.Output.Masking;

/// <summary>
/// Puts one <c>*</c> in place of each byte of a secret in a stream, wherever the stream is cut: bytes that may be the beginning of a secret
/// are held until the next ones tell. The length stays the same, so that offsets in the spool are offsets in what is stored.
/// </summary>
/// <param name="matcher">Finds the forms of the secrets.</param>
/// <param name="brokenMatcher">Finds those in which lines may end.</param>
internal sealed class SecretMasker(SecretMatcher matcher, SecretMatcher brokenMatcher)
{
    private const byte Mask = (byte)'*';

    private readonly BrokenForms _broken = new(brokenMatcher);
    private readonly ArrayBufferWriter<byte> _final = new();
    private byte[] _held = [];
    private int _state = SecretMatcher.Start;
    private long _taken;

    /// <summary>How many bytes before a point must be seen for the masks after it to be right.</summary>
    public int Context => Math.Max(Math.Max(matcher.Longest - 1, 0), _broken.Context);

    /// <summary>Takes the next bytes of the stream.</summary>
    /// <returns>What is final by now, masked; good until the next call.</returns>
    public ReadOnlyMemory<byte> Take(ReadOnlySpan<byte> bytes)
    {
        _final.ResetWrittenCount();
        if (bytes.IsEmpty)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var length = _held.Length + bytes.Length;
        var buffer = _final.GetSpan(length)[..length];
        _held.CopyTo(buffer);
        bytes.CopyTo(buffer[_held.Length..]);
        // Where the buffer begins in the stream.
        var start = _taken - _held.Length;
        for (var i = _held.Length; i < length; i++)
        {
            var value = bytes[i - _held.Length];
            _state = matcher.Next(_state, value);
            var match = matcher.MatchLength(_state);
            if (match > 0)
            {
                buffer.Slice(i + 1 - match, match).Fill(Mask);
            }

            for (var back = _broken.Next(value, _taken++) - 1; back >= 0; back--)
            {
                buffer[(int)(_broken.Position(back) - start)] = Mask;
            }
        }

        var pending = Math.Max(matcher.Pending(_state), _broken.Pending is { } first ? (int)(_taken - first) : 0);
        _held = buffer[(length - pending)..].ToArray();
        _final.Advance(length - pending);
        return _final.WrittenMemory;
    }

    /// <summary>The stream has ended: what was held is final.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        var rest = _held;
        _held = [];
        _state = SecretMatcher.Start;
        _broken.Reset();
        return rest;
    }
}
