using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Storage;

public sealed class InstallationIdentityTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    [Test]
    public async Task Load_ByManyHostsAtOnce_GivesAllTheSameId()
    {
        await using var database = await TestDatabase.CreateAsync(Kind);
        var hosts = Enumerable.Range(0, 8).Select(_ => new InstallationIdentity(database.Contexts)).ToList();

        await Task.WhenAll(hosts.Select(x => Task.Run(() => x.LoadAsync(CancellationToken.None))));

        Assert.That(hosts.Select(x => x.Id).Distinct().ToList(), Has.Count.EqualTo(1));
        Assert.That(hosts[0].Id, Does.Match("^[a-z0-9-]{36}$"));
    }

    [Test]
    public async Task Ids_OfTwoInstallations_Differ()
    {
        await using var other = await TestDatabase.CreateAsync(Kind);
        var (one, two) = (new InstallationIdentity(Contexts), new InstallationIdentity(other.Contexts));

        await one.LoadAsync(CancellationToken.None);
        await two.LoadAsync(CancellationToken.None);

        Assert.That(one.Id, Is.Not.EqualTo(two.Id));
    }

    [Test]
    public void Id_BeforeTheDatabaseIsPrepared_IsABug()
    {
        Assert.That(() => new InstallationIdentity(Contexts).Id, Throws.InvalidOperationException);
    }
}
