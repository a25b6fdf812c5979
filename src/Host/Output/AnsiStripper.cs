using System.Buffers;

namespace ContainerGroups.Host.Output;

/// <summary>Takes a terminal's control sequences (colours, cursor movements, titles) out of a text that comes in pieces.</summary>
internal sealed class AnsiStripper
{
    private const byte Escape = 0x1b;
    private const byte Bell = 0x07;

    /// <summary>A longer title is none: the escape was an accident, and text must not vanish behind it.</summary>
    private const int LongestTitle = 4096;

    private State _state;
    private int _length;

    private enum State
    {
        Text,
        Escape,
        Intermediate,
        Csi,
        Title,
        TitleEscape,
    }

    /// <summary>Appends what is left of the piece.</summary>
    public void Strip(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            if (_state == State.Text)
            {
                var end = text.IndexOf(Escape);
                output.Write(end < 0 ? text : text[..end]);
                text = end < 0 ? default : text[(end + 1)..];
                _state = end < 0 ? State.Text : State.Escape;
            }
            else
            {
                _state = Next(text[0]);
                text = text[1..];
            }
        }
    }

    private State Next(byte b) => _state switch
    {
        State.Escape => b switch
        {
            (byte)'[' => State.Csi,
            (byte)']' => Begin(State.Title),
            Escape => State.Escape,
            >= 0x20 and <= 0x2f => State.Intermediate,
            _ => State.Text,
        },
        State.Intermediate => b is >= 0x20 and <= 0x2f ? State.Intermediate : State.Text,
        State.Csi => b is >= 0x20 and <= 0x3f ? State.Csi : b == Escape ? State.Escape : State.Text,
        State.TitleEscape => State.Text,
        _ => b == Bell || ++_length > LongestTitle ? State.Text : b == Escape ? State.TitleEscape : State.Title,
    };

    private State Begin(State state)
    {
        _length = 0;
        return state;
    }
}
