using ContainerGroups.Abstractions;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials.Types;

/// <summary>
/// Keeps a row for each credential type that a plugin gives, so that credentials can refer to it. A row outlives its plugin: the
/// credentials stay, and work again when the plugin is back.
/// </summary>
internal sealed partial class CredentialTypeSync(PluginCatalog plugins, DatabaseRetry retry, ILogger<CredentialTypeSync> logger) : IDisposable
{
    private const long LockKey = 0xC7ED7;

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Brings the rows up to date, now and whenever plugins come.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await SyncAsync(cancellationToken);
        plugins.Changed += OnChanged;
    }

    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        var types = plugins.CredentialTypes;
        await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                await TransactionLock.TakeAsync(db, LockKey, token);
                var rows = await db.CredentialTypes.ToListAsync(token);
                foreach (var type in types)
                {
                    Update(db, rows, type);
                }

                await db.SaveChangesAsync(token);
            },
            cancellationToken);
    }

    public void Dispose()
    {
        plugins.Changed -= OnChanged;
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private static void Update(AppDb db, List<CredentialType> rows, ICredentialType type)
    {
        var row = rows.FirstOrDefault(own => own.Namespace == type.Namespace);
        if (row is null)
        {
            row = new CredentialType { Namespace = type.Namespace, Managed = true };
            db.CredentialTypes.Add(row);
            rows.Add(row);
        }

        var taken = rows.Any(other => other != row && other.Name == type.Name && other.Kind == type.Kind);
        row.Name = taken ? $"{type.Name} ({type.Namespace})" : type.Name;
        row.Description = type.Description;
        row.Kind = type.Kind;
        row.Inputs = CredentialSchema.ToJson(type.Inputs);
    }

    private void OnChanged(object? sender, EventArgs e) => _ = SyncLaterAsync(_stopping.Token);

    private async Task SyncLaterAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SyncAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops; the next start does it.
        }
        catch (Exception e)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The credential types of new plugins could not be stored; the next start tries again")]
    private partial void LogFailed(Exception e);
}
