namespace ContainerGroups.Kubernetes.Api;

/// <summary>Splits a stream into lines as they come, holding no more than the line at hand. What follows the last line end is
/// the beginning of a line that was cut off, and is dropped.</summary>
internal sealed class LineReader(Stream stream, int longestLine = LineReader.LongestLine)
{
    /// <summary>A cluster stores no object of more than 1.5 MiB; its managedFields and escapes may double that.</summary>
    public const int LongestLine = 16 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _scanned;
    private int _end;

    /// <summary>The next line, without its end, valid until the next call; null after the last one. Empty lines are left out.</summary>
    /// <exception cref="InvalidDataException">A line is longer than allowed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TakeLine() is { } line)
            {
                if (line.Length > 0)
                {
                    return line;
                }

                continue;
            }

            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    private ReadOnlyMemory<byte>? TakeLine()
    {
        var at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
        if (at < 0)
        {
            _scanned = _end;
            return null;
        }

        var line = _buffer.AsMemory(_start, _scanned + at - _start);
        _scanned = _start = _scanned + at + 1;
        return line;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_scanned, _end, _start) = (_scanned - _start, _end - _start, 0);
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_buffer.Length >= longestLine)
        {
            throw new InvalidDataException($"A line of more than {longestLine} bytes came.");
        }

        Array.Resize(ref _buffer, (int)Math.Min((long)_buffer.Length * 2, longestLine));
    }
}
