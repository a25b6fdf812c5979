using System.Text;

namespace ContainerGroups.Abstractions.Supervision;

/// <summary>
/// Reads what <see cref="Supervisor.FollowCommand"/> prints to its standard error, in pieces of any size, as they come. Dots, which only show that
/// the other side lives, are passed over. Not thread-safe.
/// </summary>
public sealed class FollowReport
{
    /// <summary>More than any record, and enough of what a shell complains of.</summary>
    private const int MostCharacters = 16 * 1024;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _line = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>What has become of the program: <see cref="EnvironmentState.Exited"/>, <see cref="EnvironmentState.Lost"/> or
    /// <see cref="EnvironmentState.NotStarted"/>; <see cref="EnvironmentState.Running"/> as long as nothing was said.</summary>
    public EnvironmentState State { get; private set; } = EnvironmentState.Running;

    /// <summary>What came that is neither: the words of a shell that could not do what it was asked. Empty when it could.</summary>
    public string Words => State == EnvironmentState.Running ? _text.ToString().Trim() : "";

    /// <summary>The number of bytes that the program wrote in all; null as long as it has not ended.</summary>
    public long? OutputLength => State == EnvironmentState.Exited ? ExitRecord.Parse(_text.ToString())?.OutputLength ?? 0 : null;

    /// <summary>Takes the next piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        var characters = new char[Encoding.UTF8.GetMaxCharCount(piece.Length)];
        var count = _decoder.GetChars(piece, characters, flush: false);
        foreach (var character in characters.AsSpan(0, count))
        {
            if (character == '\n')
            {
                Take(_line.ToString().TrimEnd());
                _line.Clear();
            }
            else if (_line.Length < MostCharacters)
            {
                _line.Append(character);
            }
        }
    }

    /// <summary>How the program ended.</summary>
    /// <exception cref="InvalidOperationException">It has not, as far as was said.</exception>
    /// <exception cref="BackendException"><see cref="BackendFailureReason.ProgramNotFound"/> when it never became a program.</exception>
    public JobExit ToJobExit() => State != EnvironmentState.Exited
        ? throw new InvalidOperationException("The program has not ended.")
        : ExitRecord.Parse(_text.ToString())?.ToJobExit() ?? ExitRecord.CanceledBeforeStart;

    private void Take(string line)
    {
        switch (line)
        {
            case "." or "":
                return;
            case "not_started":
                State = EnvironmentState.NotStarted;
                return;
            case "lost":
                State = EnvironmentState.Lost;
                return;
            case "canceled":
                State = EnvironmentState.Exited;
                return;
            default:
                if (_text.Length + line.Length < MostCharacters)
                {
                    _text.Append(line).Append('\n');
                }

                if (line == "end=1" && ExitRecord.Parse(_text.ToString()) is not null)
                {
                    State = EnvironmentState.Exited;
                }

                return;
        }
    }
}
