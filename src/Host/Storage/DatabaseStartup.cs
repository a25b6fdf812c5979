namespace ContainerGroups.Host.Storage;

/// <summary>What has to be done with the database before anything else uses it, in order.</summary>
internal sealed class DatabaseStartup(DatabaseMigration migration)
{
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await migration.RunAsync(cancellationToken);
    }
}
