using ContainerGroups.Kubernetes.Api.Objects;

namespace ContainerGroups.Kubernetes.Api;

/// <summary>Puts a list together of its pages. A list that takes longer than the cluster keeps its moment begins anew.</summary>
internal static class Pages
{
    /// <summary>After so many lists that expired on the way, all is asked for in one piece: that can't expire.</summary>
    private const int PagedTries = 2;

    /// <param name="get">Asks for a page: how many at most (0 for all), and the token of the page before.</param>
    /// <param name="size">How many pods a page has.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<PodList> ReadAsync(
        Func<int, string?, CancellationToken, Task<PodListObject>> get, int size, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ReadAllAsync(get, attempt <= PagedTries ? size : 0, cancellationToken);
            }
            catch (ApiException e) when (e.IsExpired && attempt <= PagedTries)
            {
                // Pages of two moments do not make one list.
            }
        }
    }

    private static async Task<PodList> ReadAllAsync(
        Func<int, string?, CancellationToken, Task<PodListObject>> get, int size, CancellationToken cancellationToken)
    {
        var pods = new List<Pod>();
        string? token = null;
        while (true)
        {
            var page = await get(size, token, cancellationToken);
            pods.AddRange((page.Items ?? []).Select(item => item.ToPod()));
            token = page.Metadata?.Continue is { Length: > 0 } next ? next : null;
            if (token is null)
            {
                return new PodList(pods, page.Metadata?.ResourceVersion ?? "");
            }
        }
    }
}
