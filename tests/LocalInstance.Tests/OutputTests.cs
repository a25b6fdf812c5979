using System.Text;
using ContainerGroups.Abstractions.Supervision;

namespace ContainerGroups.LocalInstance.Tests;

public sealed class OutputTests
{
    private const int Lines = 200_000;

    [Test]
    public async Task LineOfTenMebibytesWithoutNewline_IsExact()
    {
        var line = new byte[10 * 1024 * 1024];
        new Random(2).NextBytes(line);
        await using var run = await LocalRun.OfScriptAsync("cat line", ("line", line));

        Assert.That(await run.ReadAsync(), Is.EqualTo(line));
        Assert.That((await run.WaitAsync()).OutputLength, Is.EqualTo(line.Length));
    }

    [Test]
    public async Task ManyLines_ReadByReadersRestartedAnywhere_AreExact()
    {
        var expected = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(1, Lines).Select(number => $"{number}\n")));
        await using var run = await LocalRun.OfScriptAsync($"n=0; while [ $n -lt {Lines} ]; do n=$((n + 1)); echo $n; done");
        var random = new Random(3);
        using var read = new MemoryStream();

        while (read.Length < expected.Length)
        {
            var part = await run.ReadAsync(read.Length, random.Next(1, expected.Length / 10));
            read.Write(part.AsSpan(0, random.Next(1, part.Length + 1)));
            run.Restart();
        }

        Assert.That(read.ToArray(), Is.EqualTo(expected));
        Assert.That((await run.WaitAsync()).OutputLength, Is.EqualTo(expected.Length));
    }

    [Test]
    public async Task ProgramThatOpensItsErrorOutputAnew_DestroysNothing()
    {
        await using var run = await LocalRun.OfScriptAsync("echo one; echo two >/dev/stderr; echo three >/dev/stdout; echo four >>/proc/self/fd/2");

        Assert.That(await run.ReadTextAsync(), Is.EqualTo("one\ntwo\nthree\nfour\n"));
    }

    [Test]
    public async Task OutputOfALeftChild_IsPartOfTheOutputOrNever()
    {
        await using var run = await LocalRun.OfScriptAsync("(while :; do echo child; done) & echo parent");
        var exit = await run.WaitAsync();

        var output = await run.ReadAsync();

        Assert.That(output, Has.Length.EqualTo(exit.OutputLength));
        Assert.That(new FileInfo(run.Directory.File(Supervisor.SpoolFile)).Length, Is.EqualTo(exit.OutputLength));
    }

    [Test]
    public async Task Program_ThatLeavesADaemonWithItsOutput_StillEnds()
    {
        await using var run = await LocalRun.OfScriptAsync("setsid sleep 3600 & env -i setsid sleep 3601 & echo done");

        Assert.That((await run.WaitAsync()).ExitCode, Is.Zero);
        Assert.That(await run.ReadTextAsync(), Is.EqualTo("done\n"));
    }
}
