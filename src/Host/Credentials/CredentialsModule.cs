using ContainerGroups.Host.Credentials.Injection;
using ContainerGroups.Host.Credentials.Inputs;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Credentials;

/// <summary>Credentials, their types, and the keys that keep them secret.</summary>
internal static class CredentialsModule
{
    public static IServiceCollection AddCredentials(this IServiceCollection services) => services
        .AddSingleton<SecretKeySource>()
        .AddSingleton<KeyRotation>()
        .AddSingleton<SecretKeys>()
        .AddSingleton<CredentialReader>()
        .AddSingleton<LaunchPasswords>()
        .AddSingleton<JobSecrets>()
        .AddSingleton<CredentialInjector>()
        .AddSingleton<CredentialTypeSync>()
        .AddSingleton<CredentialWrites>()
        .AddSingleton<CredentialCopies>()
        .AddSingleton<CredentialTest>()
        .AddResource<CredentialTypesController>()
        .AddResource<CredentialsController>();
}
