using ContainerGroups.Abstractions;

namespace ContainerGroups.LocalInstance.Tests;

public sealed class RemovalTests
{
    [TestCase("mkdir -p closed/inner; touch closed/inner/file; chmod 0 closed/inner closed", TestName = "Destroy_OfClosedDirectories_RemovesThem")]
    [TestCase("touch \"$(printf 'latin1-\\351')\"; mkdir \"$(printf 'dir-\\377')\"", TestName = "Destroy_OfNamesThatAreNotUtf8_RemovesThem")]
    [TestCase("n=0; while [ $n -lt 1500 ]; do mkdir a-rather-long-name; cd a-rather-long-name; n=$((n + 1)); done", TestName = "Destroy_OfATreeDeeperThanAPath_RemovesIt")]
    [TestCase("ln -s / root; ln -s . self; mkfifo pipe", TestName = "Destroy_OfLinks_FollowsNone")]
    public async Task Destroy(string script)
    {
        await using var run = await LocalRun.OfScriptAsync(script);
        Assert.That((await run.WaitAsync()).ExitCode, Is.Zero, await run.ReadTextAsync());

        await run.DestroyAsync();

        Assert.That(Directory.Exists(run.Directory.Path), Is.False);
    }

    [Test]
    public async Task List_FindsWhatAKilledServerHadOnlyBegunToMake()
    {
        await using var run = await LocalRun.ProvisionAsync();
        var parent = Path.GetDirectoryName(run.Directory.Path)!;
        Directory.CreateDirectory(Path.Combine(parent, "cg-test-987654-3"));
        Directory.CreateDirectory(Path.Combine(parent, "cg-test-01-1"));
        Directory.CreateDirectory(Path.Combine(parent, "cg-test-other-5-1"));
        Directory.CreateDirectory(Path.Combine(parent, "something else"));
        List<EnvironmentListing> found = [];
        await foreach (var listing in run.Backend.ListEnvironmentsAsync(run.Target, CancellationToken.None))
        {
            found.Add(listing);
        }

        Assert.That(found.Select(listing => listing.Handle.Name), Is.EquivalentTo([run.Handle.Name, "cg-test-987654-3"]));
        Assert.That(found.Single(listing => listing.JobId == 987654).Attempt, Is.EqualTo(3));
    }
}
