using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Hosting;

/// <summary>The certificate that clients are shown: that of the configuration, read again when its files change, else our own.</summary>
internal sealed partial class ServedCertificate(
    IOptions<HttpsOptions> options, HttpsCertificate own, TimeProvider time, ILogger<ServedCertificate> logger)
{
    private volatile CertificateChain? _chain;

    /// <summary>Raised when another one is shown from now on.</summary>
    public event EventHandler? Replaced;

    /// <summary>The one for a handshake now.</summary>
    public CertificateChain Current
    {
        get
        {
            var chain = _chain;
            if (options.Value.Given)
            {
                return chain ?? throw new InvalidOperationException("The certificate has not been read yet.");
            }

            // Ours is made anew before it expires.
            var certificate = own.Current;
            return chain?.Certificate == certificate ? chain : Show(new CertificateChain(certificate));
        }
    }

    /// <summary>Reads or makes the first one. What can't be used ends the start.</summary>
    public void Prepare()
    {
        Show(options.Value.Given ? CertificateChain.Read(options.Value) : new CertificateChain(own.Prepare()));
        WarnWhenExpired();
    }

    /// <summary>Reads the configured files again; what can't be used, half a pair for example, leaves the one that is shown.</summary>
    public void Reload()
    {
        try
        {
            var chain = CertificateChain.Read(options.Value);
            if (chain.Certificate.Thumbprint == Current.Certificate.Thumbprint)
            {
                return;
            }

            Show(chain);
            LogReloaded(chain.Certificate.Subject, chain.Certificate.NotAfter.ToUniversalTime());
            WarnWhenExpired();
        }
        catch (InvalidDataException e)
        {
            LogKept(e.Message);
        }
    }

    private CertificateChain Show(CertificateChain chain)
    {
        // The one before may still be in a handshake: it is left to the finalizer.
        var first = _chain is null;
        _chain = chain;
        if (!first)
        {
            Replaced?.Invoke(this, EventArgs.Empty);
        }

        return chain;
    }

    private void WarnWhenExpired()
    {
        if (options.Value.Given && Current.Certificate.NotAfter.ToUniversalTime() is var end && end < time.GetUtcNow().UtcDateTime)
        {
            LogExpired(options.Value.Certificate, end);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate was read again: {Subject}, valid until {End}")]
    private partial void LogReloaded(string subject, DateTime end);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate's files have changed, and the one before stays in use. {Fault}")]
    private partial void LogKept(string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate {File} has expired: it was valid until {End}.")]
    private partial void LogExpired(string file, DateTime end);
}
