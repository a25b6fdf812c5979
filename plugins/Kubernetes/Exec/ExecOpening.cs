using System.Net;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Exec.Connections;

namespace ContainerGroups.Kubernetes.Exec;

/// <summary>One request for an exec: a session, or why there is none.</summary>
internal sealed class ExecOpening(KubernetesApi api, ExecCall call, TimeProvider clock)
{
    /// <summary>The API server may take 30 s to reach a kubelet.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(35);

    /// <summary>The kubelet says what it has to say in a line.</summary>
    private const int LongestLine = 2000;

    public async Task<(ExecSession? Session, ExecRefusal? Refusal)> TryAsync(ExecProtocol protocol, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            return await SendAsync(protocol, either.Token);
        }
        catch (Exception e) when (ConnectionLoss.Is(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, ExecRefusal.OfConnection(ApiFailures.Connection(e, api.Server), protocol));
        }
        catch (ApiException e)
        {
            // There is no token to ask with.
            return (null, new ExecRefusal(e));
        }
    }

    private async Task<(ExecSession? Session, ExecRefusal? Refusal)> SendAsync(ExecProtocol protocol, CancellationToken cancellationToken)
    {
        using var request = protocol.Request(call.At(api.Server));
        var answer = await api.Invoker.SendAsync(request, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            using (answer)
            {
                return (null, await ReadAsync(answer, cancellationToken));
            }
        }

        if (protocol.Objection(request, answer) is { } objection)
        {
            answer.Dispose();
            return (null, new ExecRefusal(ApiFailures.NotKubernetes(answer.StatusCode, api.Server, objection)) { IsOfProtocol = true });
        }

        var connection = await answer.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            return (await protocol.BeginAsync(answer, connection, call.Stdin, clock, cancellationToken), null);
        }
        catch (Exception e) when (ConnectionLoss.Is(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // By now the process may have been started.
            return (null, new ExecRefusal(ApiFailures.Connection(e, api.Server)));
        }
    }

    private async Task<ExecRefusal> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var failure = await ApiFailures.ReadAsync(answer, api.Server, clock, cancellationToken);
        if (answer.Content.Headers.ContentType?.MediaType != "text/plain")
        {
            return ExecRefusal.OfAnswer(failure, isKubernetes: answer.Content.Headers.ContentType?.MediaType == "application/json");
        }

        var line = await ReadLineAsync(answer, cancellationToken);
        return ExecRefusal.OfAnswer(
            line.Length == 0 ? failure : new ApiException(line) { StatusCode = failure.StatusCode, RetryAfter = failure.RetryAfter },
            isKubernetes: line.StartsWith("unable to upgrade", StringComparison.Ordinal));
    }

    private static async Task<string> ReadLineAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        var text = new char[LongestLine];
        var length = await reader.ReadBlockAsync(text, cancellationToken);
        return new string(text, 0, length).Trim();
    }
}
