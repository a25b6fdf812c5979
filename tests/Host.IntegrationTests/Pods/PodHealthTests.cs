using ContainerGroups.Kubernetes.Simulation;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>A Role that lacks something: what of it jobs can do without, and what the group's health says.</summary>
internal sealed class PodHealthTests() : PodFixture(realTime: false)
{
    [Test]
    public async Task RoleWithoutWatch_RunsJobsAllTheSame_AndIsTold()
    {
        Cluster.SetRole(PodRig.Namespace, PodRig.Account, Role.Seed.Without("watch", "pods"));
        Cluster.Faults.CloseWatches();
        var group = await Rig.GroupAsync();

        await Rig.AssertWellAsync(await Rig.LaunchAsync("seq 1 5000", group), PodJob.Numbers);
        await Rig.AssertWellAsync(await Rig.LaunchAsync("seq 1 5000", group), PodJob.Numbers);

        using var admin = Rig.Host.Admin();
        var health = await admin.GetAsync($"instance_groups/{group}/health_check/");
        Assert.That((bool)health["healthy"]!, Is.True, health.Text);
        Assert.That(health["missing_permissions"]!.ToJsonString(), Is.EqualTo("""["watch pods"]"""));
        Assert.That(health["message"]!.ToString(), Does.Contain("Without watch, pods are listed"));
    }

    [Test]
    public async Task RoleWithoutExec_IsTold_AndItsJobsAreErrors()
    {
        Cluster.SetRole(PodRig.Namespace, PodRig.Account, Role.Seed.Without("create", "pods/exec"));
        var group = await Rig.GroupAsync();

        var job = await Rig.LaunchAsync("true", group);
        var row = await Rig.DoneAsync(job);

        using var admin = Rig.Host.Admin();
        var health = await admin.GetAsync($"instance_groups/{group}/health_check/");
        Assert.That((row.Status, job.Starts), Is.EqualTo(("error", 0)));
        Assert.That(row.JobExplanation, Does.Contain("create pods/exec"));
        Assert.That((bool)health["healthy"]!, Is.False);
        Assert.That(health["missing_permissions"]!.ToJsonString(), Is.EqualTo("""["create pods/exec"]"""));
    }
}
