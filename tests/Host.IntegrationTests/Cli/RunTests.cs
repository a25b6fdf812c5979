using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Cli;

/// <summary>The command line as people use it: the real executable, real playbooks, the embedded server.</summary>
public sealed class RunTests
{
    private CliRig _rig = null!;

    [SetUp]
    public void SetUp() => _rig = new CliRig();

    [TearDown]
    public void TearDown() => _rig.Dispose();

    [Test]
    public async Task Hello_EndsWithTheRecapAndZero()
    {
        using var run = _rig.Run(Example("hello.yml"), "-e", "greeting=Moin");

        Assert.That(await run.EndsAsync(), Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain("Moin from").And.Contain("PLAY RECAP").And.Contain("failed=0"));
        Assert.That(run.Output, Does.Not.Contain('\u001b'), "no colours without a terminal");
        Assert.That(run.Error, Does.Match(@"job \d+: successful after"));
    }

    [Test]
    public async Task FailingPlaybook_GivesAnsiblesExitStatus()
    {
        using var run = _rig.Run(Example("failing.yml"));

        Assert.That(await run.EndsAsync(), Is.EqualTo(2), run.Error);
        Assert.That(run.Error, Does.Contain(": failed after"));
    }

    [Test]
    public async Task SeveralHosts_OneFails_TheOthersAreDone()
    {
        using var run = _rig.Run(Example("fleet/check.yml"), "-i", Example("fleet/hosts.ini"));

        Assert.That(await run.EndsAsync(), Is.EqualTo(2), run.Error);
        Assert.That(run.Output, Does.Match(@"web1 +: ok=2").And.Match(@"db1 +: ok=2").And.Match("db2 +: ok=0 .*failed=1"));
    }

    [Test]
    public async Task LimitAndHostList_RunThereOnly()
    {
        var playbook = _rig.Write("who.yml", """
            - hosts: all
              gather_facts: false
              connection: local
              tasks:
                - ansible.builtin.debug:
                    msg: "here is {{ inventory_hostname }}"
            """);
        using var run = _rig.Run(playbook, "-i", "web1,web2,db1", "-l", "web*,!web2");

        Assert.That(await run.EndsAsync(), Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain("here is web1").And.Not.Contain("here is web2").And.Not.Contain("here is db1"));
    }

    [Test]
    public async Task VariablesBesideTheInventory_AreUsed()
    {
        Directory.CreateDirectory(_rig.File("inventory/group_vars"));
        var inventory = _rig.Write("inventory/hosts", "web1 ansible_connection=local\n");
        _rig.Write("inventory/group_vars/all.yml", "colour: blue\n");
        var playbook = _rig.Write("colour.yml", "- hosts: all\n  gather_facts: false\n  tasks:\n    - debug: msg=\"it is {{ colour }}\"\n");
        using var run = _rig.Run(playbook, "-i", inventory);

        Assert.That(await run.EndsAsync(), Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain("it is blue"));
    }

    [Test]
    public async Task UnknownLimit_IsToldInOneSentence()
    {
        using var run = _rig.Run(Example("fleet/check.yml"), "-i", Example("fleet/hosts.ini"), "-l", "nosuch");

        Assert.That(await run.EndsAsync(), Is.Not.Zero);
        Assert.That(run.Error, Does.Contain("no host of the inventory matches the pattern nosuch"));
    }

    [Test]
    public async Task UnknownHosts_AreToldInOneSentence()
    {
        var playbook = _rig.Write("nowhere.yml", "- hosts: nosuch\n  gather_facts: false\n  tasks: []\n");
        using var run = _rig.Run(playbook, "-i", "web1,");

        Assert.That(await run.EndsAsync(), Is.Zero, "as with ansible-playbook");
        Assert.That(run.Error, Does.Contain("no host of the inventory matches the pattern nosuch"));
    }

    [Test]
    public async Task SecondRun_ReusesTheProjectAndFindsItsHistory()
    {
        using (var first = _rig.Run(Example("fleet/check.yml"), "-i", "web1,"))
        {
            await first.EndsAsync();
        }

        using var second = _rig.Run(Example("fleet/check.yml"), "-i", "web1,");
        await second.EndsAsync();
        using var history = _rig.Start("serve", "--urls", "http://127.0.0.1:0");
        using var api = await _rig.ApiAsync(history);

        var projects = await api.GetAsync("/api/v2/projects/", CancellationToken.None);
        var jobs = await api.GetAsync("/api/v2/jobs/", CancellationToken.None);
        Assert.That(projects.GetProperty("count").GetInt32(), Is.EqualTo(1));
        Assert.That(jobs.GetProperty("count").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task Command_PassesItsOutputOnByteForByte_AndItsExitStatus()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        await File.WriteAllBytesAsync(_rig.File("bytes"), bytes);
        using var run = _rig.RunToFile(_rig.File("out"), "--command", "--", "sh", "-c", $"cat {_rig.File("bytes")}; exit 7");

        Assert.That(await run.EndsAsync(), Is.EqualTo(7), run.Error);
        Assert.That(await File.ReadAllBytesAsync(_rig.File("out")), Is.EqualTo(bytes));
    }

    [Test]
    public async Task MissingAndBrokenPlaybooks_StartNothing()
    {
        var broken = _rig.Write("broken.yml", "- hosts: all\n  tasks: [\n");
        using var missing = _rig.Run("nosuch.yml");
        Assert.That(await missing.EndsAsync(), Is.EqualTo(120));
        Assert.That(missing.Error, Is.EqualTo("containergroups: The playbook nosuch.yml does not exist."));

        using var run = _rig.Run(broken);
        Assert.That(await run.EndsAsync(), Is.EqualTo(120));
        Assert.That(run.Error, Does.Contain("not valid YAML at line 3"));
        Assert.That(Directory.Exists(_rig.Data), Is.False);
    }

    [Test]
    public async Task UnknownGroup_NamesThoseThatThereAre()
    {
        using var run = _rig.Run(Example("hello.yml"), "--group", "nosuch");

        Assert.That(await run.EndsAsync(), Is.EqualTo(120));
        Assert.That(run.Error, Does.Match(new Regex("no instance group nosuch; there are: .*default")));
    }

    [Test]
    public async Task Interrupt_CancelsTheJob()
    {
        using var run = _rig.Run("--command", "--", "sh", "-c", "echo begun; exec sleep 300");
        await run.PrintsAsync("begun");

        run.Signal("INT");

        Assert.That(await run.EndsAsync(), Is.EqualTo(130), run.Error);
        Assert.That(run.Error, Does.Contain(": canceled after"));
    }

    [Test]
    public async Task SecondInterrupt_LeavesTheJobRunning_AndAttachSeesItsEnd()
    {
        var go = _rig.File("go");
        using var run = _rig.Run(
            "--command", "--", "sh", "-c", $"trap '' TERM; echo begun; while [ ! -e {go} ]; do sleep 0.1; done; echo ended; exit 3");
        await run.PrintsAsync("begun");
        run.Signal("HUP");
        Assert.That(await run.EndsAsync(), Is.EqualTo(123), run.Error);
        Assert.That(run.Error, Does.Contain("containergroups attach 1 --data " + _rig.Data));

        await File.WriteAllTextAsync(go, "");
        using var attach = _rig.Start("attach", "1");

        Assert.That(await attach.EndsAsync(), Is.EqualTo(3), attach.Error);
        Assert.That(attach.Output, Is.EqualTo("begun\nended"));
    }

    [Test]
    public async Task RunningServer_IsUsed_AndItsKillIsSurvived()
    {
        var go = _rig.File("go");
        using var server = _rig.Start("serve", "--urls", "https://127.0.0.1:0");
        await server.ServesAsync(_rig.Data);
        using var run = _rig.Run("--command", "--", "sh", "-c", $"echo begun; while [ ! -e {go} ]; do sleep 0.1; done; seq 1 20000");
        await run.PrintsAsync("begun");

        server.Signal("KILL");
        await server.EndsAsync();
        await File.WriteAllTextAsync(go, "");

        Assert.That(await run.EndsAsync(), Is.Zero, run.Error);
        Assert.That(run.Output, Is.EqualTo("begun\n" + string.Join('\n', Enumerable.Range(1, 20000))));
    }

    [Test]
    public async Task TwoAtOnce_ShareOneServer()
    {
        using var first = _rig.Run("--command", "--", "sh", "-c", "sleep 1; echo first");
        using var second = _rig.Run("--command", "--", "sh", "-c", "sleep 3; echo second");

        Assert.That(await first.EndsAsync(), Is.Zero, first.Error);
        Assert.That(await second.EndsAsync(), Is.Zero, second.Error);
        Assert.That(first.Output + second.Output, Is.EqualTo("firstsecond"));
    }

    private static string Example(string name) => Path.Combine(Repository.Root, "examples", name);
}
