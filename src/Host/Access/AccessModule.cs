using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Host.Access.Sessions;
using ContainerGroups.Host.Access.Tokens;
using ContainerGroups.Host.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ContainerGroups.Host.Access;

/// <summary>Who calls, and what they may see.</summary>
internal static class AccessModule
{
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(HostIdentity.From(configuration));
        services.AddOptions<LoginOptions>().Bind(configuration.GetSection(LoginOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PasswordHashes>().AddSingleton<LoginThrottle>().AddSingleton<PasswordLogin>();
        services.AddSingleton<BearerLogin>().AddSingleton<TokenIssuer>();
        services.AddSingleton<SessionStore>().AddSingleton<SessionCookies>().AddSingleton<CsrfCheck>().AddSingleton<SessionLogin>();
        services.AddSingleton<LocalToken>();
        services.TryAddSingleton(FirstPassword.OnConsole);
        services.AddSingleton<AdminSeed>();
        services.AddSingleton<AccessStartup>();
        services.AddSingleton<RequestLogin>();
        return services;
    }
}
