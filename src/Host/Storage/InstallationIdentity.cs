using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>The id of this installation, which marks everything that it makes elsewhere: the same for all its hosts, for ever.</summary>
internal sealed class InstallationIdentity(IDbContextFactory<AppDb> contexts)
{
    private const string Name = "id";

    private string? _id;

    /// <summary>Lower-case letters, digits and hyphens, 36 characters: it fits a label in Kubernetes.</summary>
    public string Id => _id ?? throw new InvalidOperationException("The installation's id is known only after the database was prepared.");

    /// <summary>Reads it; the first host of all makes it.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var made = Guid.NewGuid().ToString("D");
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO \"Installation\" (\"Name\", \"Value\") VALUES ({Name}, {made}) ON CONFLICT (\"Name\") DO NOTHING", cancellationToken);
        _id = await db.Installation.Where(x => x.Name == Name).Select(x => x.Value).SingleAsync(cancellationToken);
    }
}
