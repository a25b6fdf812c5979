namespace ContainerGroups.Host.Cli;

/// <summary>
/// Standard output for what the job prints, standard error for what we have to say; on a terminal the state is one line that
/// changes, elsewhere a line for each change.
/// </summary>
internal sealed class Terminal(Stream output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal) : IAsyncDisposable
{
    private const string EraseLine = "\r\u001b[K";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private string _status = "";

    /// <summary>Whether escape sequences may be passed on.</summary>
    public bool Colours { get; } = outputIsTerminal
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    public static Terminal Open() =>
        new(Console.OpenStandardOutput(), Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>Says what is going on, in place of what was said before.</summary>
    public async Task StatusAsync(string text)
    {
        await _gate.WaitAsync();
        try
        {
            if (text == _status)
            {
                return;
            }

            _status = text;
            if (errorIsTerminal)
            {
                await error.WriteAsync(EraseLine + Cut(text));
            }
            else if (text.Length > 0)
            {
                await error.WriteLineAsync(text);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Says something that stays.</summary>
    public async Task SayAsync(string text)
    {
        await _gate.WaitAsync();
        try
        {
            await HideStatusAsync();
            await error.WriteLineAsync(text);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Passes on what the job printed.</summary>
    public async Task OutputAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await HideStatusAsync();
            await output.WriteAsync(bytes, cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await HideStatusAsync();
        _gate.Dispose();
        await output.DisposeAsync();
    }

    private async Task HideStatusAsync()
    {
        if (errorIsTerminal && _status.Length > 0)
        {
            await error.WriteAsync(EraseLine);
        }

        _status = "";
    }

    /// <summary>A line that wraps could not be erased.</summary>
    private static string Cut(string text)
    {
        var width = Console.WindowWidth is > 20 and var columns ? columns - 1 : 79;
        return text.Length <= width ? text : text[..(width - 1)] + "…";
    }
}
