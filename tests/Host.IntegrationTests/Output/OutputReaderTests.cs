using System.Text;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Output.Masking;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Output;

public sealed class OutputReaderTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    private OutputRig _rig = null!;
    private OutputReader _reader = null!;

    [SetUp]
    public void SetUp()
    {
        _rig = new OutputRig(Contexts, TimeProvider.System);
        _reader = new OutputReader(Contexts);
    }

    [TearDown]
    public async Task TearDown() => await _rig.DisposeAsync();

    [Test]
    public async Task LinesAndBytes_OfRandomTexts_AreThoseOfAPlainModel()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var text = RandomText(random);
            var job = await StoreInPiecesAsync(text, random);
            var lines = Lines(text);
            var state = (await _reader.FindAsync(job, CancellationToken.None))!;

            Assert.That(await _reader.CountLinesAsync(job, state, CancellationToken.None), Is.EqualTo(lines.Count), $"seed {seed}");
            for (var i = 0; i < 30; i++)
            {
                var line = random.Next(0, lines.Count + 2);
                var expected = lines.Take(line).Sum(l => (long)l.Length);
                Assert.That(await _reader.FindLineAsync(job, line, CancellationToken.None), Is.EqualTo(expected), $"seed {seed}, line {line}");
                var (start, end) = (random.Next(0, text.Length + 1), random.Next(0, text.Length + 1));
                var read = await ReadAsync(job, start, end);
                Assert.That(read.AsSpan().SequenceEqual(text.AsSpan(start, Math.Max(0, end - start))), Is.True, $"seed {seed}, bytes {start} to {end}");
            }
        }
    }

    [Test]
    public async Task Follower_OfARunningJob_IsWokenByEveryWrite()
    {
        var job = await _rig.NewJobAsync(JobTypes.Command);
        await using var output = await _rig.OpenAsync(job);
        using var watch = _rig.Signals.Follow(job);
        for (var i = 1; i <= 3; i++)
        {
            await output.AppendAsync("line\n"u8.ToArray(), CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);

            await Eventually.EndAsync(watch.WaitAsync(CancellationToken.None), "the wait for more output");
            Assert.That((await _reader.FindAsync(job, CancellationToken.None))!.Length, Is.EqualTo(5 * i));
        }
    }

    [Test]
    public async Task ProjectUpdate_HasTextToo()
    {
        long update;
        await using (var db = Open())
        {
            var row = new ProjectUpdate { Name = "update", Project = new Project { Name = $"project {Kind}" } };
            db.ProjectUpdates.Add(row);
            await db.SaveChangesAsync();
            update = row.Id;
        }

        await using (var output = await _rig.Store.OpenUpdateAsync(update, CancellationToken.None))
        {
            await output.AppendAsync("Cloning\n"u8.ToArray(), CancellationToken.None);
            await output.CompleteAsync(CancellationToken.None);
        }

        Assert.That(await ReadAsync(update, 0, 100), Is.EqualTo("Cloning\n"u8.ToArray()));
    }

    [Test]
    public async Task ProjectUpdate_RunAnewWithASecret_AppendsAllThatItPrints()
    {
        await using var db = Open();
        var row = new ProjectUpdate { Name = "anew", Project = new Project { Name = $"again {Kind}" } };
        db.ProjectUpdates.Add(row);
        await db.SaveChangesAsync();
        using var matchers = new SecretMatchers();

        foreach (var (text, start) in new[] { ("first run\n", 0), ("second run\n", 10) })
        {
            var batch = new OutputBatch(
                row.Id, claimEpoch: null, new OutputPosition { Spool = start, Text = start, Lines = start / 10, Counter = 0 }, _rig.Queue.BatchLimit);
            var masker = matchers.MaskerFor(["a secret of the project"u8.ToArray()]);
            await using var output = new JobOutput(batch, new TextSpoolParser(), masker, _rig.Queue, _rig.Signals, TimeProvider.System);
            await output.AppendAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);
            await output.CompleteAsync(CancellationToken.None);
        }

        Assert.That(Encoding.UTF8.GetString(await ReadAsync(row.Id, 0, 100)), Is.EqualTo("first run\nsecond run\n"));
    }

    private async Task<long> StoreInPiecesAsync(byte[] text, Random random)
    {
        var job = await _rig.NewJobAsync(JobTypes.Command);
        await using var output = await _rig.OpenAsync(job);
        for (var position = 0; position < text.Length;)
        {
            var length = Math.Min(random.Next(1, 90_000), text.Length - position);
            await output.AppendAsync(text.AsMemory(position, length), CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
            position += length;
        }

        await output.CompleteAsync(CancellationToken.None);
        return job;
    }

    private async Task<byte[]> ReadAsync(long job, long start, long end)
    {
        var read = new MemoryStream();
        await foreach (var piece in _reader.ReadAsync(job, start, end, CancellationToken.None))
        {
            read.Write(piece.Span);
        }

        return read.ToArray();
    }

    private static byte[] RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var lines = random.Next(0, 400); lines > 0; lines--)
        {
            text.Append('x', random.Next(10) == 0 ? random.Next(0, 30_000) : random.Next(0, 80)).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.Append('y', random.Next(0, 3)).ToString());
    }

    private static List<byte[]> Lines(byte[] text)
    {
        var lines = new List<byte[]>();
        for (var start = 0; start < text.Length;)
        {
            var feed = Array.IndexOf(text, (byte)'\n', start);
            var end = feed < 0 ? text.Length : feed + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }
}
