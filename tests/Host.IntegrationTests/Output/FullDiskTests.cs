using System.Data.Common;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ContainerGroups.Host.IntegrationTests.Output;

public sealed class FullDiskTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    [Test]
    public async Task DiskFullInMidJob_AndFreedAgain_LosesNothing()
    {
        var disk = new FullDisk(this);
        await using var rig = new OutputRig(disk, TimeProvider.System);
        var job = await rig.NewJobAsync(JobTypes.Command);
        await using var output = await rig.OpenAsync(job);
        var text = new byte[12 * 1024 * 1024];
        new Random(3).NextBytes(text);
        await output.AppendAsync(text.AsMemory(0, 100_000), CancellationToken.None);
        await output.FlushAsync(CancellationToken.None);

        await disk.FillAsync();
        var appending = AppendRestAsync();
        await Eventually.BeAsync(() => rig.Stall.Reason is not null, "the full disk is seen");
        Assert.That(rig.Stall.Reason, Does.Contain("disk seems to be full"));
        Assert.That(appending.IsCompleted, Is.False, "more is not taken in than memory should hold");
        Assert.That(output.SpoolOffset, Is.EqualTo(100_000));

        await disk.FreeAsync();
        await Eventually.EndAsync(appending, "the job's output");
        Assert.That((await rig.TextAsync(job)).AsSpan().SequenceEqual(text), Is.True);
        Assert.That(rig.Stall.Reason, Is.Null);

        async Task AppendRestAsync()
        {
            await output.AppendAsync(text.AsMemory(100_000), CancellationToken.None);
            await output.CompleteAsync(CancellationToken.None);
        }
    }

    /// <summary>Lets the database refuse to grow, in the way in which it does so on a full disk.</summary>
    private sealed class FullDisk(FullDiskTests test) : IDbContextFactory<AppDb>
    {
        private readonly Lazy<DbContextOptions<AppDb>> _limited = new(() => Limited(test));

        public AppDb CreateDbContext() => _limited.IsValueCreated ? new AppDb(_limited.Value) : test.Open();

        public async Task FillAsync()
        {
            _ = _limited.Value;
            await ExecuteOnPostgresAsync("""
                CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                    $$BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END$$;
                CREATE TRIGGER full_disk BEFORE INSERT ON "OutputChunks" EXECUTE FUNCTION full_disk();
                """);
            PageLimit.Pages = 1;
        }

        public async Task FreeAsync()
        {
            PageLimit.Pages = null;
            await ExecuteOnPostgresAsync("""DROP TRIGGER full_disk ON "OutputChunks" """);
        }

        private async Task ExecuteOnPostgresAsync(string sql)
        {
            if (test.Kind == DatabaseKind.Postgres)
            {
                await using var db = test.Open();
                await db.Database.ExecuteSqlRawAsync(sql);
            }
        }

        private static DbContextOptions<AppDb> Limited(FullDiskTests test)
        {
            var options = new DbContextOptionsBuilder<AppDb>();
            test.Database.Database.Configure(options, test.Clock);
            return options.AddInterceptors(new PageLimit()).Options;
        }
    }

    /// <summary>SQLite says the same of a file at its page limit as of a full disk.</summary>
    private sealed class PageLimit : DbConnectionInterceptor
    {
        private const long NoLimit = 4294967294;

        public static int? Pages { get; set; }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            if (connection is Microsoft.Data.Sqlite.SqliteConnection)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"PRAGMA max_page_count = {Pages ?? NoLimit}";
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }
}
