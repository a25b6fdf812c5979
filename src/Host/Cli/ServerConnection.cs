using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Hosting;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Cli;

/// <summary>An open way to a server: a named one, the one that serves the data directory, or one that lives as long as the command.</summary>
internal sealed class ServerConnection(ApiClient api, EmbeddedServer? embedded) : IAsyncDisposable
{
    /// <summary>Longer than a server takes to start, or to stop, on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(250);

    public ApiClient Api { get; } = api;

    /// <summary>Whether the server ends with the command.</summary>
    public bool IsEmbedded => embedded is not null;

    /// <exception cref="CliException">There is no server to be had.</exception>
    public static async Task<ServerConnection> OpenAsync(ConnectionSettings settings, FirstPassword firstPassword, CancellationToken cancellationToken)
    {
        if (settings.Server is not null)
        {
            return new ServerConnection(ToNamedServer(settings), null);
        }

        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var isLast = TimeProvider.System.GetElapsedTime(begin) > Patience;
            if (await ToRunningServerAsync(settings.DataDirectory, cancellationToken) is { } running)
            {
                return new ServerConnection(running, null);
            }

            try
            {
                if (isLast || !DataDirectory.IsInUse(settings.DataDirectory))
                {
                    var embedded = await EmbeddedServer.StartAsync(settings.DataDirectory, firstPassword, cancellationToken);
                    return new ServerConnection(ToLocalServer(settings.DataDirectory, embedded.Url, null), embedded);
                }
            }
            catch (StorageException) when (!isLast && DataDirectory.IsInUse(settings.DataDirectory))
            {
                // Another process was a moment faster.
            }

            // It will write its address in a moment, or is about to let the directory go.
            await Task.Delay(BetweenAttempts, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (embedded is not null)
        {
            await embedded.DisposeAsync();
        }
    }

    private static ApiClient ToNamedServer(ConnectionSettings settings)
    {
        if (!Uri.TryCreate(settings.Server, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
        {
            throw new CliException(ExitCodes.BadRequest, $"--server takes an address such as https://host:8043, not {settings.Server}.");
        }

        var authorization = ApiClient.Authorization(settings.Token, settings.Username, settings.Password)
            ?? throw new CliException(ExitCodes.NoServer, "Set CG_TOKEN, or CG_USERNAME and CG_PASSWORD, to talk to a server.");
        var ssl = new SslClientAuthenticationOptions();
        if (settings.Insecure)
        {
            ssl.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
        else if (settings.CaFile is not null)
        {
            ssl.CertificateChainPolicy = Trusting(settings.CaFile);
        }

        return Client(address, ssl, authorization);
    }

    private static X509ChainPolicy Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CliException(ExitCodes.BadRequest, $"--ca {file} can't be read: {e.Message}", e);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new CliException(ExitCodes.BadRequest, $"--ca {file} holds no certificate in PEM form.");
    }

    /// <summary>The server that has written its address into the directory, when it answers; a leftover address doesn't.</summary>
    private static async Task<ApiClient?> ToRunningServerAsync(string directory, CancellationToken cancellationToken)
    {
        if (ServerFile.Read(directory) is not { } file)
        {
            return null;
        }

        ApiClient? client = null;
        try
        {
            client = ToLocalServer(directory, new Uri(file.Url), file.CertificateSha256);
            await client.GetAsync("/api/v2/ping/", cancellationToken);
            return client;
        }
        catch (Exception e) when (e is ServerUnreachableException or IOException)
        {
            client?.Dispose();
            return null;
        }
    }

    private static ApiClient ToLocalServer(string directory, Uri address, string? certificateSha256)
    {
        string token;
        try
        {
            token = File.ReadAllText(Path.Combine(directory, LocalToken.FileName));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CliException(
                ExitCodes.NoServer, $"A server of another user serves {directory}; talk to it with --server {address} and your own CG_TOKEN or CG_PASSWORD.", e);
        }

        var ssl = new SslClientAuthenticationOptions
        {
            // The file tells which certificate it is: no name and no authority can say it better.
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate?.GetCertHashString(HashAlgorithmName.SHA256).Equals(certificateSha256, StringComparison.OrdinalIgnoreCase) == true,
        };
        return Client(address, ssl, ApiClient.Authorization(token, null, null)!);
    }

    private static ApiClient Client(Uri address, SslClientAuthenticationOptions ssl, System.Net.Http.Headers.AuthenticationHeaderValue authorization)
    {
        var http = new HttpClient(new SocketsHttpHandler { SslOptions = ssl, ConnectTimeout = TimeSpan.FromSeconds(10), UseCookies = false })
        {
            BaseAddress = address,
            // Output streams and uploads take as long as they take.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Authorization = authorization;
        http.DefaultRequestHeaders.ExpectContinue = true;
        return new ApiClient(http);
    }
}
