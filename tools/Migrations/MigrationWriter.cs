using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace ContainerGroups.Migrations;

/// <summary>
/// Compares the model with the last snapshot and writes the migration and the new snapshot. One set of files serves both
/// providers: column types are left to each provider, and the annotations of both stand side by side.
/// </summary>
internal static class MigrationWriter
{
    private const string SnapshotFile = "AppDbSnapshot.cs";

    public static int Write(string name, string directory, bool replaceAll)
    {
        using var sqlite = new AppDb(new DbContextOptionsBuilder<AppDb>().UseSqlite("Data Source=unused").Options);
        using var postgres = new AppDb(new DbContextOptionsBuilder<AppDb>().UseNpgsql("Host=unused").Options);
        AppDb[] contexts = [sqlite, postgres];
        var up = Both(contexts, c => Differences(c, replaceAll));
        if (up.Length == 0)
        {
            Console.WriteLine("The model has not changed.");
            return 0;
        }

        Directory.CreateDirectory(directory);
        if (replaceAll)
        {
            foreach (var old in Directory.GetFiles(directory, "*.cs"))
            {
                File.Delete(old);
            }
        }

        // One migration only until the first release: a fixed id, so that writing it again is no new migration.
        var id = (replaceAll ? "20260101000000" : DateTime.UtcNow.ToString("yyyyMMddHHmmss")) + "_" + name;
        var model = postgres.GetService<IDesignTimeModel>().Model;
        var isFirst = replaceAll || sqlite.GetService<IMigrationsAssembly>().ModelSnapshot is null;
        File.WriteAllText(Path.Combine(directory, id + ".cs"), SourceText.Migration(id, name, up, isFirst ? null : model));
        File.WriteAllText(Path.Combine(directory, SnapshotFile), SourceText.Snapshot(model));
        Console.WriteLine($"Written: {id}.cs and {SnapshotFile}.");
        return 0;
    }

    private static string Both(AppDb[] contexts, Func<AppDb, IReadOnlyList<MigrationOperation>> differences)
    {
        var operations = contexts.Select(differences).ToList();
        var annotations = operations.SelectMany(x => x).SelectMany(Columns)
            .ToLookup(c => (c.Table, c.Name), c => c.GetAnnotations().Cast<IAnnotation>());
        var printed = operations.Select(x => new OperationText(annotations).Print(x)).ToList();
        return printed.Distinct().Count() == 1
            ? printed[0]
            : throw new NotSupportedException("The two providers need different operations; write this migration by hand, branching on ActiveProvider.");
    }

    private static IEnumerable<ColumnOperation> Columns(MigrationOperation operation) => operation switch
    {
        CreateTableOperation table => table.Columns,
        ColumnOperation column => [column],
        _ => [],
    };

    private static IReadOnlyList<MigrationOperation> Differences(AppDb db, bool fromNothing)
    {
        var now = db.GetService<IDesignTimeModel>().Model.GetRelationalModel();
        var before = fromNothing ? null : Before(db);
        return db.GetService<IMigrationsModelDiffer>().GetDifferences(before, now);
    }

    private static IRelationalModel? Before(AppDb db)
    {
        var model = db.GetService<IMigrationsAssembly>().ModelSnapshot?.Model;
        if (model is null)
        {
            return null;
        }

        var final = model is IMutableModel mutable ? mutable.FinalizeModel() : model;
        return db.GetService<IModelRuntimeInitializer>().Initialize(final, designTime: true, validationLogger: null).GetRelationalModel();
    }
}
