using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Login;

/// <summary>Where callers get what proves who they are: tokens, and sessions.</summary>
internal static class LoginModule
{
    public static IServiceCollection AddLogin(this IServiceCollection services) => services
        .AddResource<ApplicationsController>()
        .AddResource<TokensController>()
        .AddSingleton<TokenGrants>()
        .AddSingleton<OAuthController>()
        .AddSingleton<LoginController>();

    public static void MapLogin(this IEndpointRouteBuilder endpoints)
    {
        endpoints.ServiceProvider.GetRequiredService<OAuthController>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<LoginController>().Map(endpoints);
    }
}
