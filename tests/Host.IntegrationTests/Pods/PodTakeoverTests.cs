using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>Several hosts: pods can be reached from each, so the jobs of one that is gone are another's.</summary>
[TestFixtureSource(typeof(DatabaseKinds), nameof(DatabaseKinds.PostgresOnly))]
internal sealed class PodTakeoverTests(DatabaseKind kind)
{
    [Test]
    public async Task SilentHost_ItsPodsAreTakenOver_AndTheirProgramsRunOnce()
    {
        await using var rig = await PodRig.CreateAsync(kind, realTime: false);
        var alpha = await rig.StartHostAsync();
        var group = await rig.GroupAsync();
        var jobs = new List<PodJob>();
        for (var n = 0; n < 3; n++)
        {
            jobs.Add(await rig.RunningAsync(PodJob.PrintsUntilReleased, group));
        }

        foreach (var job in jobs)
        {
            await rig.InTimeAsync(job, row => row.SpoolOffset > 0, "some of its output is stored");
        }

        var beta = await rig.StartHostAsync("beta");
        await alpha.KillAsync();
        rig.Cluster.DropConnections();
        foreach (var job in jobs)
        {
            await rig.Hosts.PassTimeUntilAsync(TimeSpan.FromSeconds(10), job.Id, row => row.ControllerNode == beta.Name, "the other host has it");
            job.Release();
        }

        foreach (var job in jobs)
        {
            await rig.AssertWellAsync(job, PodJob.Numbers);
            Assert.That((await rig.Hosts.FindAsync(job.Id)).Attempt, Is.EqualTo(1));
        }
    }
}
