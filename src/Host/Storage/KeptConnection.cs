using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Sqlite.Storage.Internal;
using Microsoft.EntityFrameworkCore.Storage;

namespace ContainerGroups.Host.Storage;

/// <summary>
/// A context of the pool keeps its SQLite connection open between two uses, and with it the engine's statements (<see cref="KeptStatements"/>).
/// Opening and closing one costs more than most statements: each time two dozen functions are registered and taken off again.
/// What was begun and not committed is rolled back before all the same, and a context that the pool has no room for closes it.
/// </summary>
/// <param name="dependencies">The provider's own.</param>
/// <param name="commands">The provider's own.</param>
/// <param name="logger">The provider's own.</param>
#pragma warning disable EF1001 // There is no public way to this point; the package is held at one version.
internal sealed class KeptConnection(
    RelationalConnectionDependencies dependencies, IRawSqlCommandBuilder commands, IDiagnosticsLogger<DbLoggerCategory.Infrastructure> logger)
    : SqliteRelationalConnection(dependencies, commands, logger)
{
    protected override void CloseDbConnection()
    {
    }

    protected override Task CloseDbConnectionAsync() => Task.CompletedTask;
}
#pragma warning restore EF1001
