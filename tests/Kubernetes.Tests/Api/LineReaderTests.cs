using System.Text;
using ContainerGroups.Kubernetes.Api;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Kubernetes.Tests.Api;

internal sealed class LineReaderTests
{
    private static Gen<string[]> Lines => Gen.ArrayOf(Gen.Frequency(
        (5, Gen.Elements("{}", "", "a", "{\"x\":\"é😀\"}")),
        (1, Gen.Choose(1, 70_000).Select(length => new string('x', length)))));

    [Test]
    public void LinesAreTheSame_WhereverTheChunksEnd() => Prop.ForAll(
        Lines.ToArbitrary(),
        Gen.ArrayOf(Gen.Choose(1, 5000)).ToArbitrary(),
        Gen.Elements("", "cut off").ToArbitrary(),
        (lines, chunks, rest) =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")) + rest);
            var read = ReadAll(new LineReader(new ChunkedStream(bytes, chunks)));
            return read.SequenceEqual(lines.Where(line => line.Length > 0));
        }).Check(Config.QuickThrowOnFailure);

    [Test]
    public void ALineOfTheGreatestLength_IsRead_AndALongerOneIsRefused()
    {
        // The line's end takes a place too.
        Assert.That(ReadAll(Reader(99_999)).Single(), Has.Length.EqualTo(99_999));
        Assert.Throws<InvalidDataException>(() => ReadAll(Reader(100_001)));

        static LineReader Reader(int length) => new(new ChunkedStream(Encoding.UTF8.GetBytes(new string('x', length) + "\n"), []), 100_000);
    }

    private static List<string> ReadAll(LineReader reader)
    {
        var read = new List<string>();
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } line)
        {
            read.Add(Encoding.UTF8.GetString(line.Span));
        }

        return read;
    }

    /// <summary>Gives the bytes in pieces of the given sizes, then as they are asked for.</summary>
    private sealed class ChunkedStream(byte[] bytes, int[] chunks) : MemoryStream(bytes)
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var size = _next < chunks.Length ? chunks[_next++] : int.MaxValue;
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, size)], cancellationToken);
        }
    }
}
