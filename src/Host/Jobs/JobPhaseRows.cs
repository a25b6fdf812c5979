using System.Text;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary>Stores phases by one statement, however many: a job has a dozen of them. Column names are those of <see cref="AppModel"/>.</summary>
internal static class JobPhaseRows
{
    private const string Insert = "INSERT INTO \"JobPhases\" (\"JobId\", \"Attempt\", \"Name\", \"At\", \"Detail\") VALUES ";

    /// <summary>A phase is stored once per attempt: after a restart the first moment stays.</summary>
    private const string Once = " ON CONFLICT (\"JobId\", \"Attempt\", \"Name\") DO NOTHING";

    public static Task AddAsync(AppDb db, IReadOnlyCollection<JobPhase> phases, CancellationToken cancellationToken)
    {
        if (phases.Count == 0)
        {
            return Task.CompletedTask;
        }

        var sql = new StringBuilder(Insert);
        var values = new List<object>();
        foreach (var phase in phases)
        {
            var first = values.Count;
            sql.Append(first == 0 ? "" : ", ").Append($"({{{first}}}, {{{first + 1}}}, {{{first + 2}}}, {{{first + 3}}}, {{{first + 4}}})");
            values.AddRange([phase.JobId, phase.Attempt, phase.Name, phase.At, phase.Detail]);
        }

        return db.Database.ExecuteSqlRawAsync(sql.Append(Once).ToString(), values, cancellationToken);
    }
}
