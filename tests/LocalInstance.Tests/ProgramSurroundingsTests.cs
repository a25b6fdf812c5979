using System.Globalization;
using ContainerGroups.Abstractions;
using ContainerGroups.Plugins.Testing;

namespace ContainerGroups.LocalInstance.Tests;

/// <summary>What a program finds around it.</summary>
public sealed class ProgramSurroundingsTests
{
    private static readonly string[] Expected =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", // the server's own
        "GIVEN", "CONTAINERGROUPS_ENVIRONMENT", // ours
        "PWD", "OLDPWD", "SHLVL", "_", // the shell's
    ];

    [Test]
    public async Task Variables_OfTheServer_DoNotReachTheProgram()
    {
        Environment.SetEnvironmentVariable("CG_SECRET_OF_THE_SERVER", "hunter2");
        try
        {
            await using var run = await LocalRun.ProvisionAsync();
            await run.StartAsync(LocalRun.Shell("env") with { Environment = new Dictionary<string, string> { ["GIVEN"] = "yes" } });

            var names = (await run.ReadTextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]);

            Assert.That(names, Is.SubsetOf(Expected).And.Contain("GIVEN").And.Contain("PATH"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("CG_SECRET_OF_THE_SERVER", null);
        }
    }

    [Test]
    public async Task Descriptors_AreTheThreeUsualOnes()
    {
        await using var run = await LocalRun.OfScriptAsync("ls /proc/$$/fd; readlink /proc/$$/fd/0");

        Assert.That(await run.ReadTextAsync(), Is.EqualTo("0\n1\n2\n/dev/null\n"));
    }

    [Test]
    public async Task Secrets_AreInNoProcessesArguments()
    {
        const string Secret = "hunter2-5f0c1d";
        await using var run = await LocalRun.ProvisionAsync();
        await run.StartAsync(LocalRun.Shell("echo ready; exec sleep 3600") with { Environment = new Dictionary<string, string> { ["TOKEN"] = Secret } });
        await run.ReadAsync(0, 6);

        var lines = Directory.EnumerateDirectories("/proc")
            .Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _))
            .Select(path => Path.Combine(path, "cmdline"))
            .Select(path => File.Exists(path) ? ReadOrEmpty(path) : "")
            .ToList();

        Assert.That(lines, Has.Some.Contains(run.Directory.Path), "the supervisor was among them");
        Assert.That(lines, Has.None.Contains(Secret));
    }

    [Test]
    public async Task ProgramScript_IsRemovedAtTheEnd()
    {
        await using var run = await LocalRun.OfScriptAsync("exit 0");
        await run.WaitAsync();

        await Eventually.BeAsync(() => !File.Exists(run.Directory.File("program")), "the script with its secrets is gone");
    }

    [Test]
    public async Task Signals_AreAsTheyAreByDefault()
    {
        await using var run = await LocalRun.OfScriptAsync("grep -E 'Sig(Ign|Blk)' /proc/self/status");

        var masks = (await run.ReadTextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[1]);

        Assert.That(masks, Is.EqualTo(new[] { new string('0', 16), new string('0', 16) }));
    }

    [Test]
    public async Task Directory_IsThePayloads()
    {
        await using var run = await LocalRun.ProvisionAsync();
        var payload = TarPayload.OfEntries(
        [
            new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.Directory, "roles/") { Mode = (UnixFileMode)0x1ED },
            new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "roles/run")
            {
                Mode = (UnixFileMode)0x1ED,
                DataStream = new MemoryStream("#!/bin/sh\necho ran in $(basename $PWD) with $(umask)\n"u8.ToArray()),
            },
            new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.SymbolicLink, "run") { LinkName = "roles/run" },
        ]);
        await run.StartAsync(new StartRequest { Command = ["./run"], Payload = payload });

        Assert.That(await run.ReadTextAsync(), Is.EqualTo("ran in work with 0022\n"));
    }

    [Test]
    public async Task ProgramWithAMissingInterpreter_IsNotFound()
    {
        await using var run = await LocalRun.ProvisionAsync();
        var payload = TarPayload.OfEntries([new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "run")
        {
            Mode = (UnixFileMode)0x1ED,
            DataStream = new MemoryStream("#!/no/such/interpreter\n"u8.ToArray()),
        }]);
        await run.StartAsync(new StartRequest { Command = ["./run"], Payload = payload });

        var failure = Assert.ThrowsAsync<BackendException>(run.WaitAsync);
        Assert.That(failure!.Reason, Is.EqualTo(BackendFailureReason.ProgramNotFound));
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
