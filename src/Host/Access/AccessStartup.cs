using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Access;

/// <summary>What has to be there before the first caller comes: an administrator, and the token of the local command line.</summary>
internal sealed class AccessStartup(AdminSeed seed, LocalToken token, DataDirectory data)
{
    /// <summary>The administrator's password when this start generated it, to be shown once; null otherwise.</summary>
    public string? GeneratedPassword { get; private set; }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        GeneratedPassword = await seed.EnsureAsync(cancellationToken);
        token.Write(data.Root);
    }
}
