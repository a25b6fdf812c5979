using System.Text;

namespace ContainerGroups.Kubernetes.Exec;

/// <summary>What to execute, and where.</summary>
internal sealed record ExecCall
{
    public required string Namespace { get; init; }

    public required string Pod { get; init; }

    public required string Container { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Whether the process gets input.</summary>
    public required bool Stdin { get; init; }

    /// <summary>The address at a server, whose own address ends with a slash. Never with a terminal: its bytes would not stay exact.</summary>
    public Uri At(Uri server)
    {
        var path = new StringBuilder("api/v1/namespaces/").Append(Uri.EscapeDataString(Namespace))
            .Append("/pods/").Append(Uri.EscapeDataString(Pod))
            .Append("/exec?container=").Append(Uri.EscapeDataString(Container));
        foreach (var word in Command)
        {
            path.Append("&command=").Append(Uri.EscapeDataString(word));
        }

        return new Uri(server, path.Append(Stdin ? "&stdin=true" : "").Append("&stdout=true&stderr=true").ToString());
    }
}
