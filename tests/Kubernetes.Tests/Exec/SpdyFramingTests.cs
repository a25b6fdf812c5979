using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ContainerGroups.Kubernetes.Exec;
using ContainerGroups.Kubernetes.Exec.Connections;
using ContainerGroups.Kubernetes.Exec.Spdy;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Kubernetes.Tests.Exec;

public sealed class SpdyFramingTests
{
    [Test]
    public void AnyFrames_CutAnywhere_ArriveInOrder()
    {
        Prop.ForAll(Conversations().ToArbitrary(), conversation =>
        {
            var peer = new PeerStream();
            peer.Send(PeerFrames.Cut([.. conversation.Frames.SelectMany(frame => frame.Wire), .. Ending], conversation.Sizes));
            peer.End();

            var received = Received.AllOfAsync(Session(peer)).GetAwaiter().GetResult();

            return received.Is(Received.Merge(conversation.Frames.Where(frame => frame.Channel is not null).Select(frame => (frame.Channel!.Value, frame.Bytes))))
                && received.ExitCode == 3;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void AnyInput_IsWrittenAsDataOfItsStream()
    {
        Prop.ForAll(Arbitrary.Bytes.ListOf(4).ToArbitrary(), inputs =>
        {
            var peer = new PeerStream();
            var session = Session(peer);
            foreach (var input in inputs)
            {
                session.WriteAsync(input, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }

            session.CloseStdinAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

            var frames = Frames(peer.Written).ToList();
            return frames.All(frame => frame.First == 3)
                && frames[^1] is { Flags: 1, Payload.Length: 0 } && frames[..^1].All(frame => frame is { Flags: 0, Payload.Length: > 0 })
                && frames.SelectMany(frame => frame.Payload).SequenceEqual(inputs.SelectMany(input => input));
        }).QuickCheckThrowOnFailure();
    }

    [TestCase(true, "error", "stdin", "stdout", "stderr")]
    [TestCase(false, "error", "stdout", "stderr")]
    public void Opening_NamesEachStreamInOneCompressedStream(bool stdin, params string[] types)
    {
        var frames = Frames(SpdyFrames.Opening(stdin).ToArray()).ToList();

        var blocks = Inflate([.. frames.SelectMany(frame => frame.Payload[10..])]);
        Assert.That(frames.Select(frame => frame.First & 0xFFFF), Is.All.EqualTo(1), "SYN_STREAM");
        Assert.That(frames.Select(frame => BinaryPrimitives.ReadInt32BigEndian(frame.Payload)), Is.EqualTo(types.Select((_, index) => (2 * index) + 1)));
        Assert.That(blocks, Is.EqualTo(types.SelectMany(type =>
            (byte[])[0, 0, 0, 1, 0, 0, 0, 10, .. "streamtype"u8, 0, 0, 0, (byte)type.Length, .. Encoding.ASCII.GetBytes(type)])));
    }

    [Test]
    public async Task Ping_IsAnsweredUnlessItIsTheAnswerToOurs()
    {
        var peer = new PeerStream();
        peer.Send(PeerFrames.SpdyPing(1), PeerFrames.SpdyPing(42), PeerFrames.SpdyData(5, "x"));

        await Session(peer).ReadAsync(CancellationToken.None);

        Assert.That(peer.Written, Is.EqualTo(PeerFrames.SpdyPing(42)));
    }

    [TestCase(new byte[] { 0x80, 2, 0, 6, 0, 0, 0, 4, 0, 0, 0, 2 }, TestName = "SPDY/2")]
    [TestCase(new byte[] { 0x80, 3, 0, 6, 0, 0, 0, 1, 0 }, TestName = "a short ping")]
    [TestCase(new byte[] { 0, 0, 0, 5, 0, 0, 0, 9, 1 }, TestName = "the end in the middle of data")]
    [TestCase(new byte[] { 0, 0, 0, 5, 0, 0 }, TestName = "the end in the middle of a header")]
    public async Task WhatNoServerSends_IsAFailure(byte[] wire)
    {
        var peer = new PeerStream();
        peer.Send(wire);
        peer.End();

        var received = await Received.AllOfAsync(Session(peer));

        Assert.That(received.Failure, Is.InstanceOf<IOException>());
    }

    private static byte[] Ending =>
    [
        .. PeerFrames.SpdyData(1, PeerFrames.ExitCode3[..20]), .. PeerFrames.SpdyData(1, PeerFrames.ExitCode3[20..]),
        .. PeerFrames.SpdyData(1, "", isLast: true), .. PeerFrames.SpdyData(5, "", isLast: true), .. PeerFrames.SpdyReset(7), .. PeerFrames.SpdyReset(3),
    ];

    private static SpdySession Session(Stream peer) => new(new UpgradedConnection(peer, SpdyFrames.Ping, TimeProvider.System), stdin: true, TimeProvider.System);

    private static Gen<Conversation> Conversations()
    {
        var data =
            from stream in Gen.Elements(5, 7, 3, 9, 2)
            from bytes in Arbitrary.Bytes
            select new Frame(stream switch { 5 => ExecChannel.Stdout, 7 => ExecChannel.Stderr, _ => null }, bytes, PeerFrames.SpdyData(stream, bytes));
        var control =
            from type in Gen.Elements(2, 4, 6, 8, 9, 77)
            from bytes in Arbitrary.Bytes
            select new Frame(null, [], PeerFrames.SpdyControl(type, [.. PeerFrames.Number(5), .. bytes]));
        return from frames in Gen.Frequency((2, data), (1, control)).ListOf(8) from sizes in Arbitrary.Sizes select new Conversation([.. frames], sizes);
    }

    private static IEnumerable<(int First, int Flags, byte[] Payload)> Frames(byte[] wire)
    {
        for (var at = 0; at < wire.Length;)
        {
            var second = BinaryPrimitives.ReadInt32BigEndian(wire.AsSpan(at + 4));
            var length = second & 0xFFFFFF;
            yield return (BinaryPrimitives.ReadInt32BigEndian(wire.AsSpan(at)), second >> 24, wire[(at + 8)..(at + 8 + length)]);
            at += 8 + length;
        }
    }

    /// <summary>What comes out of a stream that is flushed, but not ended.</summary>
    private static byte[] Inflate(byte[] compressed)
    {
        using var inflater = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var bytes = new byte[1000];
        return bytes[..inflater.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private sealed record Frame(ExecChannel? Channel, byte[] Bytes, byte[] Wire);

    private sealed record Conversation(IReadOnlyList<Frame> Frames, int[] Sizes);
}
