using System.Net;

namespace ContainerGroups.Host.Cli;

/// <summary>The server understood the request and refused it (4xx).</summary>
internal sealed class ApiRefusedException(HttpStatusCode status, string reason) : Exception(reason)
{
    public HttpStatusCode Status { get; } = status;
}
