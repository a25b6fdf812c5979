using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Storage;

public sealed class DatabaseRetryTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    [Test]
    public async Task Transaction_ThatFails_LeavesNothing()
    {
        Assert.That(
            () => Database.Retry.RunInTransactionAsync(
                async (db, token) =>
                {
                    await AddAsync(db, "undone", token);
                    throw new InvalidOperationException("no");
                },
                CancellationToken.None),
            Throws.InvalidOperationException);

        Assert.That(await CountAsync("undone"), Is.Zero);
    }

    [Test]
    public async Task Transaction_ThatFailsForAMoment_IsDoneOnce()
    {
        var attempts = 0;

        await Database.Retry.RunInTransactionAsync(
            async (db, token) =>
            {
                await AddAsync(db, "repeated", token);
                if (++attempts < 3)
                {
                    throw Faults.Transient(Kind);
                }
            },
            CancellationToken.None);

        Assert.That(attempts, Is.EqualTo(3));
        Assert.That(await CountAsync("repeated"), Is.EqualTo(1));
    }

    [Test]
    public async Task Transaction_OnAViolatedConstraint_IsNotRepeated()
    {
        await Database.Retry.RunInTransactionAsync((db, token) => AddAsync(db, "unique", token), CancellationToken.None);
        var attempts = 0;

        Assert.That(
            () => Database.Retry.RunInTransactionAsync(
                (db, token) =>
                {
                    attempts++;
                    return AddAsync(db, "unique", token);
                },
                CancellationToken.None),
            Throws.TypeOf<DbUpdateException>());
        Assert.That(attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task Transactions_OfManyWriters_LoseNoUpdate()
    {
        const int writers = 16;
        const int updates = 10;
        await Database.Retry.RunInTransactionAsync((db, token) => AddAsync(db, "counted", token), CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < updates; i++)
            {
                await Database.Retry.RunInTransactionAsync(
                    (db, token) => db.InstanceGroups.Where(x => x.Name == "counted")
                        .ExecuteUpdateAsync(s => s.SetProperty(x => x.MaxForks, x => x.MaxForks + 1), token),
                    CancellationToken.None);
            }
        })));

        await using var db = Open();
        Assert.That(await db.InstanceGroups.Where(x => x.Name == "counted").Select(x => x.MaxForks).SingleAsync(), Is.EqualTo(writers * updates));
    }

    private static async Task AddAsync(AppDb db, string name, CancellationToken cancellationToken)
    {
        db.InstanceGroups.Add(new InstanceGroup { Name = name });
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<int> CountAsync(string name)
    {
        await using var db = Open();
        return await db.InstanceGroups.CountAsync(x => x.Name == name);
    }
}
