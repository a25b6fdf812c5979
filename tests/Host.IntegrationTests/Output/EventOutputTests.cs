using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Output;

public sealed class EventOutputTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    private static readonly byte[] Spool = Recordings.Site;

    private OutputRig _rig = null!;

    [SetUp]
    public void SetUp() => _rig = new OutputRig(Contexts, TimeProvider.System);

    [TearDown]
    public async Task TearDown() => await _rig.DisposeAsync();

    [Test]
    public async Task StreamCutAndRestartedAnywhere_StoresTheSameTextAndEvents()
    {
        var whole = await _rig.RunAsync(JobTypes.Run, Spool);
        var text = await _rig.TextAsync(whole);
        var expected = (await _rig.EventsAsync(whole)).Select(Shown).ToList();
        for (var seed = 0; seed < 6; seed++)
        {
            var cut = await RunCutAsync(new Random(seed));

            Assert.That((await _rig.TextAsync(cut)).AsSpan().SequenceEqual(text), Is.True, $"seed {seed}");
            // What the runner gave no id gets one of the job and the place.
            Assert.That((await _rig.EventsAsync(cut)).Select(Shown), Is.EqualTo(expected), $"seed {seed}");
            var (one, other) = (await _rig.FindAsync(whole), await _rig.FindAsync(cut));
            Assert.That(
                (other.PlayCount, other.TaskCount, other.HostStatusCounts, other.OutputLines, other.SpoolOffset),
                Is.EqualTo((one.PlayCount, one.TaskCount, one.HostStatusCounts, one.OutputLines, one.SpoolOffset)), $"seed {seed}");
        }
    }

    private async Task<long> RunCutAsync(Random random)
    {
        var job = await _rig.NewJobAsync(JobTypes.Run);
        for (var kills = random.Next(3, 12); kills > 0; kills--)
        {
            await using var output = await _rig.OpenAsync(job);
            var end = random.Next((int)output.AppendedOffset, Spool.Length + 1);
            await output.AppendAsync(Spool.AsMemory((int)output.AppendedOffset, end - (int)output.AppendedOffset), CancellationToken.None);
            if (random.Next(2) == 0)
            {
                await output.FlushAsync(CancellationToken.None);
            }
        }

        await using var last = await _rig.OpenAsync(job);
        await last.AppendAsync(Spool.AsMemory((int)last.AppendedOffset), CancellationToken.None);
        await last.CompleteAsync(CancellationToken.None);
        return job;
    }

    private static string Shown(JobEvent e) =>
        $"{e.Counter} {e.Event} {(e.Event == "verbose" ? "" : e.Uuid)} {e.HostName} {e.Task} {e.Role} {e.Failed} {e.Changed} {e.StartLine}-{e.EndLine} "
        + $"{e.Stdout} {e.EventData} {e.DurationSeconds}";
}
