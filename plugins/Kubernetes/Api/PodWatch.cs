using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ContainerGroups.Kubernetes.Api.Objects;

namespace ContainerGroups.Kubernetes.Api;

/// <summary>Reads the answer to a watch, line by line, until the server ends it or falls silent.</summary>
internal static class PodWatch
{
    public static async IAsyncEnumerable<PodChange> ReadAsync(
        Stream body, Uri server, TimeProvider clock, TimeSpan longestSilence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new LineReader(body);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = clock.CreateTimer(_ => silence.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (true)
        {
            PodChange? change;
            try
            {
                timer.Change(longestSilence, Timeout.InfiniteTimeSpan);
                if (await lines.ReadAsync(silence.Token) is not { } line)
                {
                    yield break;
                }

                // The reader's own time is no silence of the server.
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                change = Read(line.Span);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                yield break;
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw ApiFailures.Connection(e, server);
            }
            catch (Exception e) when (e is JsonException or InvalidDataException)
            {
                throw ApiFailures.NotKubernetes(HttpStatusCode.OK, server, $"a line of the watch can't be read ({e.Message})");
            }

            if (change is not null)
            {
                yield return change;
            }
        }
    }

    /// <summary>Null for a kind of line that is not known: the next version of Kubernetes may have one.</summary>
    private static PodChange? Read(ReadOnlySpan<byte> json)
    {
        var line = JsonSerializer.Deserialize(json, KubernetesJson.Default.WatchLine);
        if (line is not { Type: { } name, Object.ValueKind: JsonValueKind.Object })
        {
            throw new JsonException("it has no type or no object");
        }

        if (name == "ERROR")
        {
            throw ApiFailures.FromStatus(line.Object.Deserialize(KubernetesJson.Default.StatusObject)!);
        }

        PodChangeType? type = name switch
        {
            "ADDED" => PodChangeType.Added,
            "MODIFIED" => PodChangeType.Modified,
            "DELETED" => PodChangeType.Deleted,
            "BOOKMARK" => PodChangeType.Bookmark,
            _ => null,
        };
        if (type is null)
        {
            return null;
        }

        var pod = line.Object.Deserialize(KubernetesJson.Default.PodObject)!.ToPod();
        return new PodChange(type.Value, type == PodChangeType.Bookmark ? null : pod, pod.ResourceVersion);
    }
}
