using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ContainerGroups.Host.IntegrationTests.Storage;

public sealed class DatabaseTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    [Test]
    public async Task Moments_ComeBackAsUtc()
    {
        var finished = new DateTime(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(1_234_560);
        await using (var db = Open())
        {
            db.Jobs.Add(new Job { Name = "moment", Finished = finished });
            await db.SaveChangesAsync();
        }

        await using var read = Open();
        var stored = await read.Jobs.Where(x => x.Name == "moment").Select(x => x.Finished).SingleAsync();
        Assert.That(stored, Is.EqualTo(finished));
        Assert.That(stored!.Value.Kind, Is.EqualTo(DateTimeKind.Utc));
    }

    [Test]
    public async Task RowsWithSeveralCollections_AreReadByOneStatement_AsWasDecided()
    {
        await using var db = Open();

        // Undecided, the framework warns in the log of each such query.
        var options = RelationalOptionsExtension.Extract(db.GetService<IDbContextOptions>());
        Assert.That(options.QuerySplittingBehavior, Is.EqualTo(QuerySplittingBehavior.SingleQuery));
    }

    [Test]
    public async Task LocalTime_IsRefused()
    {
        await using var db = Open();
        db.Jobs.Add(new Job { Name = "local", Finished = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local) });

        Assert.That(() => db.SaveChangesAsync(), Throws.Exception.With.Message.Contains("UTC").Or.InnerException.Message.Contains("UTC"));
    }

    [Test]
    public async Task Rows_AreStampedWhenMadeAndWhenChanged()
    {
        await using var db = Open();
        var made = Clock.GetUtcNow().UtcDateTime;
        var group = new InstanceGroup { Name = "stamped" };
        db.InstanceGroups.Add(group);
        await db.SaveChangesAsync();

        Clock.Advance(TimeSpan.FromHours(1));
        group.MaxForks = 5;
        await db.SaveChangesAsync();

        Assert.That(group.Created, Is.EqualTo(made));
        Assert.That(group.Modified, Is.EqualTo(made.AddHours(1)));
    }

    [Test]
    public async Task Rows_DeletedWithWhatTheyOwn_LeaveNothing()
    {
        await using var db = Open();
        var job = new Job { Name = "cascade" };
        job.Events.Add(new JobEvent { Counter = 1, Created = Clock.GetUtcNow().UtcDateTime });
        db.Jobs.Add(job);
        await db.SaveChangesAsync();

        await db.Jobs.Where(x => x.Id == job.Id).ExecuteDeleteAsync();

        Assert.That(await db.JobEvents.CountAsync(x => x.JobId == job.Id), Is.Zero);
    }

    [Test]
    public async Task Startup_OnAnEmptyDatabase_PreparesEverything()
    {
        await using var database = await TestDatabase.CreateAsync(Kind, empty: true);
        await using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(database.Configuration)
            .AddSingleton<IHostApplicationLifetime, TestLifetime>()
            .AddStorage(database.Configuration).BuildServiceProvider(validateScopes: true);

        await services.GetRequiredService<DatabaseStartup>().PrepareAsync(CancellationToken.None);

        await using var db = await services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        Assert.That(await db.HostProcesses.CountAsync(), Is.EqualTo(1));
        Assert.That(services.GetRequiredService<InstallationIdentity>().Id, Is.EqualTo((await db.Installation.SingleAsync()).Value));
    }
}
