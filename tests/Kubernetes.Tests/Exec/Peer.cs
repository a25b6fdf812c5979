using ContainerGroups.Kubernetes.Exec;
using ContainerGroups.Kubernetes.Exec.Connections;
using ContainerGroups.Kubernetes.Exec.Spdy;
using ContainerGroups.Kubernetes.Exec.WebSockets;

namespace ContainerGroups.Kubernetes.Tests.Exec;

/// <summary>The other side of a session, in the words that both protocols have; the frames are the protocol's.</summary>
internal sealed class Peer
{
    private readonly bool _spdy;

    /// <param name="protocol"><c>SPDY</c>, <c>v5</c> or <c>v4</c>.</param>
    /// <param name="clock">Of the session.</param>
    public Peer(string protocol, TimeProvider clock)
    {
        _spdy = protocol == "SPDY";
        Session = _spdy
            ? new SpdySession(new UpgradedConnection(Stream, SpdyFrames.Ping, clock), stdin: true, clock)
            : new WebSocketSession(new UpgradedConnection(Stream, WebSocketSession.Ping, clock), stdin: true, protocol == "v5", clock);
    }

    public static string[] Protocols { get; } = ["SPDY", "v5", "v4"];

    public PeerStream Stream { get; } = new();

    public ExecSession Session { get; }

    /// <summary>What a ping of the client begins with.</summary>
    public byte[] PingStart => _spdy ? PeerFrames.SpdyPing(1) : [0x89, 0x80];

    public void Prints(string text) => Stream.Send(_spdy ? PeerFrames.SpdyData(5, text) : PeerFrames.WebSocketMessage(1, text));

    public void Complains(string text) => Stream.Send(_spdy ? PeerFrames.SpdyData(7, text) : PeerFrames.WebSocketMessage(2, text));

    public void Tells(string status) => Stream.Send(_spdy ? PeerFrames.SpdyData(1, status) : PeerFrames.WebSocketMessage(3, status));

    public void Pings() => Stream.Send(_spdy ? PeerFrames.SpdyPing(2) : PeerFrames.WebSocket(9, []));

    /// <summary>Ends every channel, and leaves the connection open.</summary>
    public void EndsAll()
    {
        if (_spdy)
        {
            Stream.Send(PeerFrames.SpdyData(5, "", isLast: true), PeerFrames.SpdyData(7, "", isLast: true), PeerFrames.SpdyData(1, "", isLast: true));
        }
        else
        {
            Stream.Send(PeerFrames.WebSocketClose(1000));
        }
    }
}
