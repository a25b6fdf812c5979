namespace ContainerGroups.Kubernetes.Api.Connections;

/// <summary>Where the token of a request comes from.</summary>
internal interface IAccessToken
{
    /// <summary>Tells this source from others, and is as secret as the token.</summary>
    string Identity { get; }

    /// <exception cref="ApiException">There is none to be had.</exception>
    ValueTask<string> GetAsync(CancellationToken cancellationToken);

    /// <summary>Another token than the one that the cluster refused; null when there is none.</summary>
    ValueTask<string?> RenewAsync(string refused, CancellationToken cancellationToken);
}

/// <summary>A credential's token.</summary>
internal sealed class FixedToken(string token) : IAccessToken
{
    public string Identity => token;

    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(token);

    public ValueTask<string?> RenewAsync(string refused, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
}

/// <summary>The token of the pod in which this server runs: the kubelet writes a new one before the old one expires.</summary>
internal sealed class TokenFile(string path, TimeProvider clock) : IAccessToken
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private volatile Reading? _last;

    public string Identity => path;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && clock.GetElapsedTime(last.At) < Fresh)
        {
            return last.Token;
        }

        return await ReadAsync(cancellationToken);
    }

    public async ValueTask<string?> RenewAsync(string refused, CancellationToken cancellationToken)
    {
        var token = await ReadAsync(cancellationToken);
        return token == refused ? null : token;
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var token = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            if (token.Length > 0)
            {
                _last = new Reading(token, clock.GetTimestamp());
                return token;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The last one may be good for a while yet; if it isn't, the cluster says so.
            return _last?.Token ?? throw new ApiException($"The service account's token can't be read: {e.Message}", e);
        }

        return _last?.Token ?? throw new ApiException($"The service account's token file {path} is empty");
    }

    private sealed record Reading(string Token, long At);
}
