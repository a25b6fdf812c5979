using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Access;

/// <summary>What has to be there before the first caller comes: an administrator, and the token of the local command line.</summary>
internal sealed class AccessStartup(AdminSeed seed, LocalToken token, DataDirectory data)
{
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await seed.EnsureAsync(cancellationToken);
        token.Write(data.Root);
    }
}
