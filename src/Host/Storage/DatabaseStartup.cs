using System.Data.Common;

namespace ContainerGroups.Host.Storage;

/// <summary>What has to be done with the store before anything else uses it, in order.</summary>
internal sealed partial class DatabaseStartup(
    DataDirectory directory, Database database, DatabaseMigration migration, InstallationIdentity identity, HostProcesses processes, DatabaseRetry retry, ILogger<DatabaseStartup> logger)
{
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await directory.OpenAsync(cancellationToken);
        try
        {
            // The server may still be starting, after a reboot of everything.
            await retry.RepeatAsync(MigrateAsync, cancellationToken);
            await identity.LoadAsync(cancellationToken);
            await processes.RegisterAsync(cancellationToken);
        }
        catch (DbException exception)
        {
            throw new StorageException($"The database ({database.Description}) can't be used: {exception.Message}", exception);
        }

        LogReady(database.Description, identity.Id);
    }

    private async Task<bool> MigrateAsync(CancellationToken cancellationToken)
    {
        await migration.RunAsync(cancellationToken);
        return true;
    }

    [LoggerMessage(1, LogLevel.Information, "The store is ready: {Database}, installation {InstallationId}")]
    private partial void LogReady(string database, string installationId);
}
