using System.Globalization;
using System.Text;

namespace ContainerGroups.TestPlugins;

/// <summary>What a program writes in all: every byte a function of its offset, so that nothing but the script has to be kept.</summary>
internal abstract class FakeOutput
{
    public abstract long Length { get; }

    /// <summary>Fills the buffer with the bytes from an offset on; the caller keeps within <see cref="Length"/>.</summary>
    public abstract void Read(long offset, Span<byte> buffer);

    /// <param name="script">What the program does.</param>
    /// <param name="file">The bytes that it prints, where the start left a copy of them.</param>
    /// <param name="variables">The variables that it prints at its end, as they were at its start.</param>
    public static FakeOutput Of(FakeScript script, string? file, string variables) => script switch
    {
        _ when file is not null => new FileOutput(file, script.Number("repeat") ?? 1, Encoding.UTF8.GetBytes(variables)),
        _ when script.Number("print") is { } lines => new NumberedLines(lines),
        _ when script.Number("bytes") is { } length => new RandomBytes(length, script.Number("seed") ?? 0),
        _ => new TextOutput(Encoding.UTF8.GetBytes((script.Text("text") ?? "").Replace("\\n", "\n", StringComparison.Ordinal) + variables)),
    };

    private sealed class NumberedLines(long count) : FakeOutput
    {
        public override long Length => LengthOf(count);

        public override void Read(long offset, Span<byte> buffer)
        {
            var line = FirstLineEndingAfter(offset);
            var skip = (int)(offset - LengthOf(line - 1));
            while (!buffer.IsEmpty)
            {
                var bytes = Encoding.ASCII.GetBytes(line.ToString(CultureInfo.InvariantCulture) + "\n").AsSpan(skip);
                bytes = bytes[..Math.Min(bytes.Length, buffer.Length)];
                bytes.CopyTo(buffer);
                buffer = buffer[bytes.Length..];
                (line, skip) = (line + 1, 0);
            }
        }

        private static long LengthOf(long lines)
        {
            var length = 0L;
            for (var first = 1L; first <= lines; first *= 10)
            {
                length += lines - first + 1;
            }

            return length + lines;
        }

        private long FirstLineEndingAfter(long offset)
        {
            var (low, high) = (1L, count);
            while (low < high)
            {
                var middle = low + (high - low) / 2;
                (low, high) = LengthOf(middle) > offset ? (low, middle) : (middle + 1, high);
            }

            return low;
        }
    }

    private sealed class RandomBytes(long length, long seed) : FakeOutput
    {
        public override long Length => length;

        public override void Read(long offset, Span<byte> buffer)
        {
            for (var i = 0; i < buffer.Length; i++)
            {
                var mixed = unchecked((ulong)(offset + i + seed * 7919) * 0x9E3779B97F4A7C15UL);
                buffer[i] = (byte)((mixed ^ (mixed >> 29)) >> 32);
            }
        }
    }

    private sealed class TextOutput(byte[] text) : FakeOutput
    {
        public override long Length => text.Length;

        public override void Read(long offset, Span<byte> buffer) => text.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
    }

    private sealed class FileOutput(string path, long repeat, byte[] end) : FakeOutput
    {
        private readonly long _once = new FileInfo(path).Length;

        public override long Length => _once * repeat + end.Length;

        public override void Read(long offset, Span<byte> buffer)
        {
            using var file = File.OpenRead(path);
            while (!buffer.IsEmpty && offset < _once * repeat)
            {
                file.Position = offset % _once;
                var part = buffer[..(int)Math.Min(buffer.Length, _once - file.Position)];
                file.ReadExactly(part);
                offset += part.Length;
                buffer = buffer[part.Length..];
            }

            end.AsSpan((int)Math.Max(0, offset - _once * repeat), buffer.Length).CopyTo(buffer);
        }
    }
}
