using ContainerGroups.Host.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ContainerGroups.Host.Access;

/// <summary>Who calls, and what they may see.</summary>
internal static class AccessModule
{
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(HostIdentity.From(configuration));
        services.AddSingleton<PasswordHashes>();
        services.AddSingleton<LocalToken>();
        services.AddSingleton<AdminSeed>();
        services.AddSingleton<AccessStartup>();

        // The core alone: AddAuthentication brings data protection, which leaves keys behind that nothing here uses.
        services.AddAuthenticationCore(options => options.DefaultScheme = ApiAuthenticationHandler.SchemeName);
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, ApiAuthenticationHandler>(ApiAuthenticationHandler.SchemeName, null);
        return services;
    }
}
