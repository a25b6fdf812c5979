using System.Buffers.Binary;
using ContainerGroups.Kubernetes.Exec;
using ContainerGroups.Kubernetes.Exec.Connections;
using ContainerGroups.Kubernetes.Exec.WebSockets;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Kubernetes.Tests.Exec;

public sealed class WebSocketFramingTests
{
    [Test]
    public void AnyMessages_CutAnywhere_ArriveInOrder()
    {
        Prop.ForAll(Conversations().ToArbitrary(), conversation =>
        {
            var peer = new PeerStream();
            peer.Send(PeerFrames.Cut(conversation.Wire(), conversation.Sizes));
            peer.End();

            var received = Received.AllOfAsync(Session(peer)).GetAwaiter().GetResult();

            return received.Is(Received.Merge(conversation.Messages.Select(message => (message.Channel, message.Bytes)))) && received.ExitCode == 3;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void AnyInput_IsWrittenAsMaskedMessagesOfItsChannel()
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

            var messages = Unmask(peer.Written).ToList();
            return messages[^1].AsSpan().SequenceEqual((byte[])[255, 0])
                && messages[..^1].All(message => message[0] == 0 && message.Length > 1)
                && messages[..^1].SelectMany(message => message[1..]).SequenceEqual(inputs.SelectMany(input => input));
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public async Task Version4_HasNoEndOfInput()
    {
        var peer = new PeerStream();
        var session = Session(peer, canCloseStdin: false);

        await session.CloseStdinAsync(CancellationToken.None);

        Assert.That(peer.Written, Is.Empty);
    }

    [Test]
    public async Task Ping_IsAnsweredWithItsPayload()
    {
        var peer = new PeerStream();
        peer.Send(PeerFrames.WebSocket(9, "abc"u8), PeerFrames.WebSocketMessage(1, "x"));

        await Session(peer).ReadAsync(CancellationToken.None);

        Assert.That(peer.Written[0], Is.EqualTo(0x8A));
        Assert.That(Unmask(peer.Written).Single(), Is.EqualTo("abc"u8.ToArray()));
    }

    [TestCase(new byte[] { 0x82, 0x81, 1, 2, 3, 4, 5 }, TestName = "a masked frame")]
    [TestCase(new byte[] { 0xC2, 1, 1 }, TestName = "a reserved bit")]
    [TestCase(new byte[] { 0x80, 1, 1 }, TestName = "a continuation of nothing")]
    [TestCase(new byte[] { 0x02, 1, 1, 0x82, 1, 1 }, TestName = "a message within a message")]
    [TestCase(new byte[] { 0x83, 1, 1 }, TestName = "an unknown kind of frame")]
    [TestCase(new byte[] { 0x82, 127, 255, 0, 0, 0, 0, 0, 0, 0 }, TestName = "a negative length")]
    [TestCase(new byte[] { 0x89, 126, 0, 200 }, TestName = "a long ping")]
    [TestCase(new byte[] { 0x82, 3, 1, 9 }, TestName = "the end in the middle of a message")]
    [TestCase(new byte[] { 0x82, 126, 0 }, TestName = "the end in the middle of a length")]
    public async Task WhatNoServerSends_IsAFailure(byte[] wire)
    {
        var peer = new PeerStream();
        peer.Send(wire);
        peer.End();

        var received = await Received.AllOfAsync(Session(peer));

        Assert.That(received.Failure, Is.InstanceOf<IOException>());
    }

    private static WebSocketSession Session(Stream peer, bool canCloseStdin = true) =>
        new(new UpgradedConnection(peer, WebSocketSession.Ping, TimeProvider.System), stdin: true, canCloseStdin, TimeProvider.System);

    private static Gen<Conversation> Conversations()
    {
        var messages =
            from channel in Gen.Elements(ExecChannel.Stdout, ExecChannel.Stderr, (ExecChannel)9, ExecChannel.Stdin)
            from bytes in Arbitrary.Bytes
            from fragments in Arbitrary.Sizes
            from ping in Gen.Elements(true, false)
            select new Message(channel, bytes, fragments, ping);
        return from several in messages.ListOf(6) from sizes in Arbitrary.Sizes select new Conversation([.. several], sizes);
    }

    private static IEnumerable<byte[]> Unmask(byte[] wire)
    {
        for (var at = 0; at < wire.Length;)
        {
            Assert.That(wire[at] & 0xF0, Is.EqualTo(0x80), "one whole message");
            Assert.That(wire[at + 1] & 0x80, Is.EqualTo(0x80), "masked");
            var (length, header) = (wire[at + 1] & 0x7F) switch
            {
                126 => (BinaryPrimitives.ReadUInt16BigEndian(wire.AsSpan(at + 2)), 4),
                127 => ((int)BinaryPrimitives.ReadInt64BigEndian(wire.AsSpan(at + 2)), 10),
                var small => (small, 2),
            };
            var mask = wire.AsSpan(at + header, 4).ToArray();
            at += header + 4;
            yield return [.. wire[at..(at + length)].Select((value, index) => (byte)(value ^ mask[index % 4]))];
            at += length;
        }
    }

    private sealed record Message(ExecChannel Channel, byte[] Bytes, int[] Fragments, bool Ping);

    private sealed record Conversation(IReadOnlyList<Message> AllMessages, int[] Sizes)
    {
        /// <summary>Those that a reader is to see.</summary>
        public IEnumerable<Message> Messages => AllMessages.Where(message => message.Channel is ExecChannel.Stdout or ExecChannel.Stderr);

        public byte[] Wire()
        {
            var wire = new List<byte>();
            foreach (var message in AllMessages)
            {
                var pieces = PeerFrames.Cut([(byte)message.Channel, .. message.Bytes], message.Fragments).Take(40).ToList();
                var used = pieces.Sum(piece => piece.Length);
                pieces.Add([.. message.Bytes.Skip(used - 1)]);
                for (var i = 0; i < pieces.Count; i++)
                {
                    wire.AddRange(PeerFrames.WebSocket(i == 0 ? 2 : 0, pieces[i], i == pieces.Count - 1));
                    if (message.Ping)
                    {
                        wire.AddRange(PeerFrames.WebSocket(9, "ping"u8));
                    }
                }
            }

            return [.. wire, .. PeerFrames.WebSocketMessage(3, PeerFrames.ExitCode3), .. PeerFrames.WebSocketClose(1000)];
        }
    }
}
