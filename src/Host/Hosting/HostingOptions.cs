using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Hosting;

/// <summary>The settings of the process itself, at the root of the configuration.</summary>
internal sealed class HostingOptions
{
    /// <summary>The addresses to listen on, separated by semicolons.</summary>
    public string Urls { get; init; } = "";

    /// <summary>Addresses or networks of the proxies that are believed when they say who calls, and whether by https.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];
}

/// <summary>Refuses at the start what could not be served, in words that name the setting.</summary>
internal sealed class HostingOptionsValidation : IValidateOptions<HostingOptions>
{
    public ValidateOptionsResult Validate(string? name, HostingOptions options) =>
        (ListenAddresses.Fault(options.Urls) ?? TrustedProxies.Fault(options.Proxies)) is { } fault
            ? ValidateOptionsResult.Fail(fault)
            : ValidateOptionsResult.Success;
}
