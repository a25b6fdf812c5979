namespace ContainerGroups.Host.Cli;

/// <summary>Takes terminal control sequences out of a stream of bytes, however the stream is cut.</summary>
internal sealed class AnsiStripper
{
    private const byte Escape = 0x1B;
    private const byte Bell = 0x07;

    private State _state;

    private enum State
    {
        Text,

        /// <summary>After ESC.</summary>
        Introducer,

        /// <summary>Inside <c>ESC [</c> … final byte.</summary>
        Control,

        /// <summary>Inside <c>ESC ]</c> … BEL or <c>ESC \</c>.</summary>
        Command,

        /// <summary>After an ESC inside a command: either its end or a new sequence.</summary>
        CommandEscape,
    }

    /// <summary>Writes the text among <paramref name="source"/> to <paramref name="target"/>, which may be the same memory; returns its length.</summary>
    public int Strip(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var length = 0;
        foreach (var value in source)
        {
            if (_state == State.Text && value != Escape)
            {
                target[length++] = value;
                continue;
            }

            _state = Next(value);
        }

        return length;
    }

    private State Next(byte value) => _state switch
    {
        State.Text => State.Introducer,
        State.Introducer => value switch
        {
            (byte)'[' => State.Control,
            (byte)']' => State.Command,
            Escape => State.Introducer,
            // Intermediate bytes, as in ESC ( B, go on until a final one.
            >= 0x20 and <= 0x2F => State.Introducer,
            _ => State.Text,
        },
        State.Control => value switch
        {
            Escape => State.Introducer,
            >= 0x40 and <= 0x7E => State.Text,
            _ => State.Control,
        },
        State.Command => value switch
        {
            Bell => State.Text,
            Escape => State.CommandEscape,
            _ => State.Command,
        },
        _ => value == (byte)'\\' ? State.Text : State.Command,
    };
}
