using System.Text;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Output;

public sealed class JobOutputTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    private OutputRig _rig = null!;

    [SetUp]
    public void SetUp() => _rig = new OutputRig(Contexts, TimeProvider.System);

    [TearDown]
    public async Task TearDown() => await _rig.DisposeAsync();

    private static readonly byte[][] Texts =
    [
        [],
        [0],
        "no line feed at the end"u8.ToArray(),
        "\n\n\n"u8.ToArray(),
        [0xff, 0xfe, (byte)'\n', 0xc3, 0x28, 0, (byte)'\r', (byte)'\n'],
        Random(2_000_000, seed: 1),
        [.. Enumerable.Repeat((byte)'x', 10 * 1024 * 1024), (byte)'\n', (byte)'y'],
        Numbered(200_000),
    ];

    [Test]
    public async Task CommandOutput_OfAnyBytes_IsStoredAsItIs([ValueSource(nameof(Texts))] byte[] text)
    {
        var job = await _rig.RunAsync(JobTypes.Command, text);

        var row = await _rig.FindAsync(job);
        Assert.Multiple(async () =>
        {
            Assert.That((await _rig.TextAsync(job)).AsSpan().SequenceEqual(text), Is.True);
            Assert.That(row.SpoolOffset, Is.EqualTo(text.Length));
            Assert.That(row.OutputOffset, Is.EqualTo(text.Length));
            Assert.That(row.OutputLines, Is.EqualTo(text.Count(b => b == '\n')));
        });
    }

    [Test]
    public async Task Chunks_OfALongOutput_FollowEachOtherAndCountTheirLines()
    {
        var job = await _rig.RunAsync(JobTypes.Command, Numbered(100_000));

        long offset = 0;
        long lines = 0;
        foreach (var chunk in await _rig.ChunksAsync(job))
        {
            var text = ChunkCompression.Unpack(chunk.Data, chunk.Compression, chunk.Length);
            Assert.That((chunk.OutputOffset, chunk.StartLine), Is.EqualTo((offset, lines)));
            Assert.That((text.Length, text.Count(b => b == '\n')), Is.EqualTo((chunk.Length, chunk.LineFeeds)));
            Assert.That(chunk.Data, Has.Length.LessThan(chunk.Length / 2), "numbered lines pack well");
            offset += chunk.Length;
            lines += chunk.LineFeeds;
        }
    }

    [Test]
    public async Task FirstBytes_WithoutAFlush_AreStoredAtOnce()
    {
        var job = await _rig.NewJobAsync(JobTypes.Command);
        await using var output = await _rig.OpenAsync(job);

        await output.AppendAsync("first"u8.ToArray(), CancellationToken.None);

        await Eventually.BeAsync(() => output.SpoolOffset == 5, "the first bytes are stored");
    }

    [Test]
    public async Task LaterBytes_OfAQuietJob_AreStoredWhenThePauseIsOver()
    {
        await using var rig = new OutputRig(Contexts, Clock);
        var job = await rig.NewJobAsync(JobTypes.Command);
        await using var output = await rig.OpenAsync(job);
        await output.AppendAsync("first"u8.ToArray(), CancellationToken.None);
        await Eventually.BeAsync(() => Clock.WaitingTimers == 1 && output.SpoolOffset == 5, "the pause after the first write has begun");

        await output.AppendAsync(" second"u8.ToArray(), CancellationToken.None);
        Assert.That(output.SpoolOffset, Is.EqualTo(5));
        Clock.Advance(TimeSpan.FromMilliseconds(500));

        await Eventually.BeAsync(() => output.SpoolOffset == 12, "the later bytes are stored");
        Assert.That(await rig.TextAsync(job), Is.EqualTo("first second"u8.ToArray()));
    }

    [Test]
    public async Task KilledAtRandom_AndReopenedAtTheStoredOffset_LosesAndDoublesNothing()
    {
        var random = new Random(5);
        var spool = Numbered(60_000);
        var job = await _rig.NewJobAsync(JobTypes.Command);
        var complete = false;
        while (!complete)
        {
            await using var output = await _rig.OpenAsync(job);
            var position = output.SpoolOffset;
            for (var appends = random.Next(1, 6); appends > 0 && position < spool.Length; appends--)
            {
                var length = (int)Math.Min(random.Next(1, 70_000), spool.Length - position);
                await output.AppendAsync(spool.AsMemory((int)position, length), CancellationToken.None);
                position += length;
                if (random.Next(2) == 0)
                {
                    await output.FlushAsync(CancellationToken.None);
                }
            }

            if (position == spool.Length)
            {
                await output.CompleteAsync(CancellationToken.None);
                complete = true;
            }
        }

        Assert.That((await _rig.TextAsync(job)).AsSpan().SequenceEqual(spool), Is.True);
    }

    [Test]
    public async Task SecondRunner_WithAHigherEpoch_EndsTheFirst()
    {
        var job = await _rig.NewJobAsync(JobTypes.Command);
        await using var first = await _rig.OpenAsync(job);
        await first.AppendAsync("one\n"u8.ToArray(), CancellationToken.None);
        await first.FlushAsync(CancellationToken.None);
        await TakeOverAsync(job);
        await using var second = await _rig.OpenAsync(job, OutputRig.Epoch + 1);
        await second.AppendAsync("two\n"u8.ToArray(), CancellationToken.None);
        await second.FlushAsync(CancellationToken.None);

        Assert.That(
            async () =>
            {
                await first.AppendAsync("two\n"u8.ToArray(), CancellationToken.None);
                await first.FlushAsync(CancellationToken.None);
            },
            Throws.TypeOf<ClaimLostException>());
        await second.CompleteAsync(CancellationToken.None);
        Assert.That(await _rig.TextAsync(job), Is.EqualTo("one\ntwo\n"u8.ToArray()));
    }

    [Test]
    public async Task TwoWriters_OfTheSameClaim_NeverStoreACopy()
    {
        var job = await _rig.NewJobAsync(JobTypes.Command);
        await using var first = await _rig.OpenAsync(job);
        await using var second = await _rig.OpenAsync(job);
        await first.AppendAsync("same\n"u8.ToArray(), CancellationToken.None);
        await first.FlushAsync(CancellationToken.None);

        Assert.That(
            async () =>
            {
                await second.AppendAsync("some\n"u8.ToArray(), CancellationToken.None);
                await second.FlushAsync(CancellationToken.None);
            },
            Throws.TypeOf<ClaimLostException>());
        Assert.That(await _rig.TextAsync(job), Is.EqualTo("same\n"u8.ToArray()));
    }

    [Test]
    public async Task OpeningWithAnOldEpoch_IsRefused()
    {
        var job = await _rig.NewJobAsync(JobTypes.Command);
        await TakeOverAsync(job);

        Assert.That(async () => await _rig.OpenAsync(job), Throws.TypeOf<ClaimLostException>());
    }

    [Test]
    public async Task ManyJobsAtOnce_ShareTheQueue_AndKeepApart()
    {
        var jobs = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(line => $"job {i} line {line}\n")));
            return (Job: await _rig.RunAsync(JobTypes.Command, text), Text: text);
        }));

        foreach (var (job, text) in jobs)
        {
            Assert.That(await _rig.TextAsync(job), Is.EqualTo(text));
        }
    }

    [Test]
    public async Task OneJobGone_InACrowd_DoesNotHurtTheOthers()
    {
        var gone = await _rig.NewJobAsync(JobTypes.Command);
        await using var orphan = await _rig.OpenAsync(gone);
        await using (var db = Open())
        {
            await db.UnifiedJobs.Where(j => j.Id == gone).ExecuteDeleteAsync();
        }

        var lost = orphan.AppendAsync("x"u8.ToArray(), CancellationToken.None);
        var kept = await _rig.RunAsync(JobTypes.Command, "kept"u8.ToArray());

        await lost;
        Assert.That(async () => await orphan.FlushAsync(CancellationToken.None), Throws.TypeOf<ClaimLostException>());
        Assert.That(await _rig.TextAsync(kept), Is.EqualTo("kept"u8.ToArray()));
    }

    private async Task TakeOverAsync(long job)
    {
        await using var db = Open();
        await db.Jobs.Where(j => j.Id == job).ExecuteUpdateAsync(s => s.SetProperty(j => j.ClaimEpoch, j => j.ClaimEpoch + 1));
    }

    private static byte[] Numbered(int lines) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(1, lines).Select(line => $"{line}: what a program prints\n")));

    private static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
