using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ContainerGroups.Kubernetes.Simulation.Exec;

/// <summary>The header blocks of one SPDY/3.1 connection: each direction is one zlib stream over all of its blocks.</summary>
internal sealed class SpdyHeaders : IDisposable
{
    private const int LongestText = 64 * 1024;

    private readonly Feed _compressed = new();
    private readonly MemoryStream _written = new();
    private readonly ZLibStream _inflate;
    private readonly ZLibStream _deflate;
    private bool _begun;

    public SpdyHeaders()
    {
        _inflate = new(_compressed, CompressionMode.Decompress);
        _deflate = new(_written, CompressionLevel.Fastest);
    }

    public Dictionary<string, string> Read(ReadOnlyMemory<byte> block)
    {
        if (!_begun)
        {
            _begun = true;
            if (block.Length > 1 && (block.Span[1] & 0x20) != 0)
            {
                throw new IOException("The client's headers use SPDY's preset dictionary, which this server does not have.");
            }
        }

        _compressed.Add(block.Span);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var left = ReadNumber(); left > 0; left--)
        {
            var name = ReadText();
            headers[name] = ReadText();
        }

        return headers;
    }

    /// <summary>A block without any header, as the real server's replies have it.</summary>
    public byte[] WriteEmpty()
    {
        _deflate.Write([0, 0, 0, 0]);
        _deflate.Flush();
        var block = _written.ToArray();
        _written.SetLength(0);
        return block;
    }

    public void Dispose()
    {
        _inflate.Dispose();
        _deflate.Dispose();
    }

    private string ReadText()
    {
        var length = ReadNumber();
        if (length is < 0 or > LongestText)
        {
            throw new IOException($"A header of {length} bytes.");
        }

        var text = new byte[length];
        _inflate.ReadExactly(text);
        return Encoding.UTF8.GetString(text);
    }

    private int ReadNumber()
    {
        Span<byte> number = stackalloc byte[4];
        _inflate.ReadExactly(number);
        return BinaryPrimitives.ReadInt32BigEndian(number);
    }

    /// <summary>The blocks that have come, read only as far as they go.</summary>
    private sealed class Feed : Stream
    {
        private byte[] _bytes = [];
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            _bytes = [.. _bytes.AsSpan(_at), .. bytes];
            _at = 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _bytes.Length - _at);
            _bytes.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
