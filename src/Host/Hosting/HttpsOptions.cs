using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Hosting;

/// <summary>The section <c>Https</c> of the configuration: a certificate that clients trust, in place of the server's own.</summary>
internal sealed class HttpsOptions
{
    public const string Section = "Https";

    /// <summary>A PEM file: the certificate and, after it, those of the authorities between it and the root.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>A PEM file with the certificate's private key, not encrypted.</summary>
    public string Key { get; init; } = "";

    /// <summary>For how long browsers are told to use nothing but https here; zero for not at all, as fits a self-signed certificate.</summary>
    public TimeSpan HstsMaxAge { get; init; }

    public bool Given => Certificate.Length > 0;
}

/// <summary>Half a pair can't be meant.</summary>
internal sealed class HttpsOptionsValidation : IValidateOptions<HttpsOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpsOptions options) => (options.Certificate.Length > 0, options.Key.Length > 0) switch
    {
        (true, false) => ValidateOptionsResult.Fail("Https:Certificate is set and Https:Key is not: the certificate needs its key."),
        (false, true) => ValidateOptionsResult.Fail("Https:Key is set and Https:Certificate is not: the key needs its certificate."),
        _ when options.HstsMaxAge < TimeSpan.Zero => ValidateOptionsResult.Fail("Https:HstsMaxAge can't be negative."),
        _ => ValidateOptionsResult.Success,
    };
}
