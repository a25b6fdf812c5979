using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Sqlite.Storage.Internal;
using Microsoft.EntityFrameworkCore.Storage;

namespace ContainerGroups.Host.Storage;

/// <summary>
/// An SQLite connection that stays open between two uses where <see cref="KeptContexts"/> says so, and with it the engine's statements
/// (<see cref="KeptStatements"/>). Opening and closing one costs more than most statements: each time two dozen functions are registered and
/// taken off again. What was begun and not committed is rolled back before, and disposing closes it, all the same.
/// </summary>
/// <param name="dependencies">The provider's own.</param>
/// <param name="commands">The provider's own.</param>
/// <param name="logger">The provider's own.</param>
#pragma warning disable EF1001 // There is no public way to this point; the package is held at one version.
internal sealed class KeptConnection(
    RelationalConnectionDependencies dependencies, IRawSqlCommandBuilder commands, IDiagnosticsLogger<DbLoggerCategory.Infrastructure> logger)
    : SqliteRelationalConnection(dependencies, commands, logger)
{
    public bool IsKept { get; set; }

    protected override void CloseDbConnection()
    {
        if (!IsKept)
        {
            base.CloseDbConnection();
        }
    }

    protected override Task CloseDbConnectionAsync() => IsKept ? Task.CompletedTask : base.CloseDbConnectionAsync();
}
#pragma warning restore EF1001
