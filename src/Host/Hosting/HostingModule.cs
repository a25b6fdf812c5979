using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Hosting;

/// <summary>What surrounds the capabilities: Kestrel, certificate, logging, the order of the start, the way to stop.</summary>
internal static class HostingModule
{
    /// <summary>The largest body of a request, unless its endpoint says otherwise (archives do): inventories are the largest texts.</summary>
    private const long MaxRequestBody = 16 << 20;

    /// <summary>The whole stop has to fit in 5 s; what is left is for closing connections and the store.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    public static void AddHosting(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddRouting();
        services.AddLogging(logging => LogOutput.Configure(logging, builder.Configuration));
        services.AddSingleton<IValidateOptions<HostingOptions>, HostingOptionsValidation>();
        services.AddOptions<HostingOptions>().Bind(builder.Configuration).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HttpsOptions>, HttpsOptionsValidation>();
        services.AddOptions<HttpsOptions>().Bind(builder.Configuration.GetSection(HttpsOptions.Section)).ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<HostingOptions>>(TrustedProxies.Configure);
        services.AddSingleton<HttpsCertificate>();
        services.AddSingleton<ServedCertificate>();
        services.AddHostedService<CertificateWatch>();
        services.AddSingleton<UnknownSettings>();
        services.AddSingleton<ServedAddress>();
        services.AddHostedService<StartupSequence>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = StopTimeout);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        services.AddOptions<KestrelServerOptions>().Configure<ServedCertificate>(ConfigureKestrel);
    }

    public static void UseHosting(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<HeadAnswers>();
        app.UseRouting();
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel, ServedCertificate certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 << 10;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.ConfigureHttpsDefaults(https =>
        {
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            https.ClientCertificateMode = ClientCertificateMode.NoCertificate;
            // Kestrel wants one of its own ways; what is used is set at each handshake, with the authorities between.
            https.ServerCertificateSelector = (_, _) => certificate.Current.Certificate;
            https.OnAuthenticate = (_, tls) =>
            {
                tls.ServerCertificateSelectionCallback = null;
                tls.ServerCertificateContext = certificate.Current.Context;
            };
        });
    }
}
