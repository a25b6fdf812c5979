using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Storage;

[TestFixtureSource(typeof(DatabaseKinds), nameof(DatabaseKinds.PostgresOnly))]
public sealed class LostCommitTests(DatabaseKind kind)
{
    private TestDatabase _database = null!;

    [OneTimeSetUp]
    public async Task CreateDatabaseAsync() => _database = await TestDatabase.CreateAsync(kind);

    [OneTimeTearDown]
    public async Task DropDatabaseAsync() => await _database.DisposeAsync();

    [Test]
    public async Task Transaction_AnsweredAfterTheConnectionWasLost_IsNotDoneTwice()
    {
        var fault = new CommitFault(CommitFault.Moment.AfterCommit);
        await RaiseAsync("lost-answer", fault);

        Assert.That(fault.Happened, Is.True);
        Assert.That(await ForksAsync("lost-answer"), Is.EqualTo(1));
    }

    [Test]
    public async Task Transaction_WhoseConnectionIsLostBeforeTheCommit_IsRepeated()
    {
        var fault = new CommitFault(CommitFault.Moment.BeforeCommit);
        await RaiseAsync("lost-commit", fault);

        Assert.That(fault.Happened, Is.True);
        Assert.That(await ForksAsync("lost-commit"), Is.EqualTo(1));
    }

    private async Task RaiseAsync(string name, CommitFault fault)
    {
        await using (var db = _database.Open())
        {
            db.InstanceGroups.Add(new InstanceGroup { Name = name });
            await db.SaveChangesAsync();
        }

        await Faults.Retry(_database, fault).RunInTransactionAsync(
            (db, token) => db.InstanceGroups.Where(x => x.Name == name)
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.MaxForks, x => x.MaxForks + 1), token),
            CancellationToken.None);
    }

    private async Task<int> ForksAsync(string name)
    {
        await using var db = _database.Open();
        return await db.InstanceGroups.Where(x => x.Name == name).Select(x => x.MaxForks).SingleAsync();
    }
}
