using ContainerGroups.Host.Files;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Hosting;

/// <summary>Has the configured certificate read again when its files change: renewals need no restart.</summary>
internal sealed class CertificateWatch(
    IOptions<HttpsOptions> options, ServedCertificate certificate, TimeProvider clock, ILogger<CertificateWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Given)
        {
            return;
        }

        // The directories, since a renewal replaces files; links that lead out of them are what the rescan is for.
        var directories = new[] { options.Value.Certificate, options.Value.Key }
            .Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!).Distinct(StringComparer.Ordinal).ToList();
        using var changes = new FileChanges(directories, new FileChangesPace(), clock, logger);
        try
        {
            while (true)
            {
                await changes.WaitAsync(stoppingToken);
                certificate.Reload();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }
}
