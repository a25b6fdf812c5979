using System.Text;
using System.Text.Json;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Ansible;

public sealed class EventSpoolParserTests
{
    private static readonly byte[] Site = Recordings.Site;
    private static readonly SpoolRun Whole = new SpoolRun().Feed(Site, []);

    private static int[] LineEnds => [.. Enumerable.Range(0, Site.Length).Where(i => Site[i] == '\n').Select(i => i + 1)];

    [Test]
    public void Recording_InOnePiece_GivesEveryEventOnceInOrder()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Whole.Events.Select(e => e.Counter), Is.EqualTo(Enumerable.Range(1, LineEnds.Length)));
            Assert.That(Whole.Events.Select(e => (e.Uuid, e.Event, e.Stdout)).Distinct().Count(), Is.EqualTo(Whole.Events.Count));
            Assert.That(Whole.Position.Spool, Is.EqualTo(Site.Length));
        });
    }

    [Test]
    public void Text_OfARecording_IsWhatTheEventsPrinted()
    {
        var expected = string.Concat(Whole.Events.Where(e => e.Stdout.Length > 0).Select(e => e.Stdout.Replace("\r\n", "\n") + "\n"));

        Assert.That(Encoding.UTF8.GetString(Whole.Text), Is.EqualTo(expected));
        Assert.That(expected, Does.Contain("PLAY RECAP").And.Contain("grüße").And.Contain("\u001b[0;31m"));
    }

    [Test]
    public void Lines_OfEvents_FollowEachOther()
    {
        long next = 0;
        foreach (var e in Whole.Events)
        {
            Assert.That(e.StartLine, Is.EqualTo(next), e.Event);
            Assert.That(e.EndLine - e.StartLine, Is.EqualTo(e.Stdout.Length == 0 ? 0 : e.Stdout.Count(c => c == '\n') + 1), e.Event);
            next = e.EndLine;
        }

        Assert.That(Whole.Text.Count(b => b == '\n'), Is.EqualTo(next));
    }

    [Test]
    public void Restart_AtEveryLineEndAndInsideEveryLine_ChangesNothing()
    {
        foreach (var end in LineEnds)
        {
            foreach (var cut in (int[])[end, end - 1, end - 2, end + 1, end + 40])
            {
                var restarted = new SpoolRun().Feed(Site, [], Math.Min(cut, Site.Length)).Feed(Site, []);
                AssertSame(restarted, $"killed at byte {cut}");
            }
        }
    }

    [Test]
    public void Restarts_AtRandomBytes_WithRandomPiecesAndBatches_ChangeNothing()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var run = new SpoolRun(batchLimit: random.Next(1, 5_000));
            for (var restart = random.Next(0, 12); restart > 0; restart--)
            {
                run.Feed(Site, Cuts(random), random.Next((int)run.Position.Spool, Site.Length + 1));
            }

            AssertSame(run.Feed(Site, Cuts(random)), $"seed {seed}");
        }
    }

    [Test]
    public void PiecesOfOneByte_ChangeNothing() =>
        AssertSame(new SpoolRun().Feed(Site, Enumerable.Range(1, Site.Length)), "byte by byte");

    [Test]
    public void Fields_OfAFailedTask_AreTaken()
    {
        var failed = Whole.Events.Single(e => e.Event == "runner_on_failed" && e.Task == "Fail on one");

        Assert.Multiple(() =>
        {
            Assert.That(failed.Failed, Is.True);
            Assert.That(failed.Changed, Is.True);
            Assert.That(failed.HostName, Is.EqualTo("web2"));
            Assert.That(failed.Play, Is.EqualTo("Prepare the web servers"));
            Assert.That(failed.Playbook, Is.EqualTo("site.yml"));
            Assert.That(failed.DurationSeconds, Is.GreaterThan(0));
            Assert.That(failed.ParentUuid, Is.EqualTo(Whole.Events.Single(e => e is { Event: "playbook_on_task_start", Task: "Fail on one" }).Uuid));
            Assert.That(failed.Created.Kind, Is.EqualTo(DateTimeKind.Utc));
            Assert.That(JsonDocument.Parse(failed.EventData).RootElement.GetProperty("res").GetProperty("rc").GetInt32(), Is.EqualTo(1));
        });
    }

    [Test]
    public void IgnoredFailure_IsNoFailure() =>
        Assert.That(Whole.Events.Single(e => e is { Event: "runner_on_failed", Task: "Fail, but go on" }).Failed, Is.False);

    [Test]
    public void Role_OfATaskInARole_IsTaken() =>
        Assert.That(Whole.Events.Where(e => e.Task == "Greet").Select(e => e.Role), Is.All.EqualTo("greet"));

    [Test]
    public void Recap_GivesHostSummariesAndCounts()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                Whole.Summaries.Select(s => (s.HostName, s.Ok, s.Changed, s.Failures, s.Dark, s.Skipped, s.Rescued, s.Ignored, s.Failed)),
                Is.EqualTo(new[]
                {
                    ("lost", 0, 0, 0, 1, 0, 0, 0, true),
                    ("web1", 9, 5, 0, 0, 1, 1, 1, false),
                    ("web2", 5, 3, 1, 0, 1, 0, 0, true),
                    ("web3", 8, 4, 0, 0, 2, 1, 0, false),
                }));
            Assert.That(Whole.HostStatusCounts, Is.EqualTo("""{"changed":2,"failures":1,"dark":1}"""));
            Assert.That(Whole.Plays, Is.EqualTo(4));
            Assert.That(Whole.Tasks, Is.EqualTo(12));
            Assert.That(Whole.Events.Single(e => e.Event == "playbook_on_stats").Failed, Is.True);
        });
    }

    [Test]
    public void LineThatIsNoEvent_IsAVerboseEventWithItsText()
    {
        var run = new SpoolRun().Feed("plain\r\n{\"a\": 1}\n{broken\n\n[1]"u8.ToArray(), []);

        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetString(run.Text), Is.EqualTo("plain\n{\"a\": 1}\n{broken\n\n[1]\n"));
            Assert.That(run.Events.Select(e => e.Event), Is.All.EqualTo("verbose"));
            Assert.That(run.Events.Select(e => e.Stdout), Is.EqualTo(new[] { "plain", "{\"a\": 1}", "{broken", "", "[1]" }));
            Assert.That(run.Events.Select(e => e.Uuid), Is.Unique);
        });
    }

    [Test]
    public void LineLongerThanAnyText_IsKeptInPieces_HoweverItArrives()
    {
        var spool = new byte[3_000_000];
        Array.Fill(spool, (byte)'x');
        spool[2_500_000] = (byte)'\n';

        var whole = new SpoolRun().Feed(spool, []);
        var cut = new SpoolRun().Feed(spool, [1, 1_048_576, 1_048_577], 2_200_000).Feed(spool, [2_500_000, 2_500_001]);

        Assert.That(whole.Events.Select(e => e.Stdout.Length), Is.EqualTo(new[] { 1_048_576, 1_048_576, 402_848, 499_999 }));
        Assert.That(cut.Text, Has.Length.EqualTo(whole.Text.Length));
        Assert.That(cut.Events.Select(Shown), Is.EqualTo(whole.Events.Select(Shown)));
    }

    [Test]
    public void BytesThatAreNoUtf8_InAnEvent_AreTheSameBytesInTheText()
    {
        var run = new SpoolRun().Feed("""{"uuid": "u", "event": "verbose", "stdout": "a\udcffb\ud83d\ude00\u0000\ud800"}"""u8.ToArray(), []);

        Assert.That(run.Text, Is.EqualTo((byte[])[(byte)'a', 0xff, (byte)'b', .. "😀"u8, 0, .. "\ufffd"u8, (byte)'\n']));
        Assert.That(run.Events[0].Stdout, Is.EqualTo("a\ufffdb😀\ufffd"));
    }

    private static IEnumerable<int> Cuts(Random random) => [.. Enumerable.Range(0, random.Next(0, 300)).Select(_ => random.Next(Site.Length))];

    private static void AssertSame(SpoolRun run, string how)
    {
        Assert.That(run.Text.AsSpan().SequenceEqual(Whole.Text), Is.True, how);
        Assert.That(run.Events.Select(Shown), Is.EqualTo(Whole.Events.Select(Shown)), how);
        Assert.That(run.Summaries, Has.Count.EqualTo(Whole.Summaries.Count), how);
        Assert.That((run.Plays, run.Tasks, run.HostStatusCounts), Is.EqualTo((Whole.Plays, Whole.Tasks, Whole.HostStatusCounts)), how);
    }

    private static string Shown(JobEvent e) =>
        $"{e.Counter} {e.Event} {e.Uuid} {e.ParentUuid} {e.HostName} {e.Task} {e.Failed} {e.Changed} {e.StartLine}-{e.EndLine} {e.Stdout.Length} {e.EventData.Length}";
}
