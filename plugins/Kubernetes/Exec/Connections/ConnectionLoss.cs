using System.Net.Sockets;

namespace ContainerGroups.Kubernetes.Exec.Connections;

/// <summary>The ways in which streams of upgraded connections say that they are over.</summary>
internal static class ConnectionLoss
{
    public static bool Is(Exception e) => e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or HttpRequestException;
}
