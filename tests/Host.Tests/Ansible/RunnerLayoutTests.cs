using System.Text.Json;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Tests.Ansible;

public sealed class RunnerLayoutTests
{
    [Test]
    public void Options_BecomeArguments_AndVariablesAFile()
    {
        var job = new Job
        {
            Id = 7,
            Playbook = "site.yml",
            JobType = JobTypes.Check,
            Limit = "web1:!db",
            Forks = 9,
            Verbosity = 3,
            JobTags = "a,b",
            SkipTags = "c",
            StartAtTask = "It's here",
            DiffMode = true,
            BecomeEnabled = true,
            ForceHandlers = true,
            ExtraVars = "password: hunter2",
            InventoryId = 1,
        };

        var layout = new RunnerLayout(job, null, "abc");
        var files = layout.Files().ToDictionary(f => f.Name, f => f.Text);

        Assert.Multiple(() =>
        {
            Assert.That(layout.Command, Is.EqualTo(new[] { "ansible-runner", "run", "--json", "-i", "7", "-p", "site.yml", "." }));
            Assert.That(files["env/cmdline"], Is.EqualTo(
                "--check --diff --become --force-handlers -vvv --forks=9 '--limit=web1:!db' --tags=a,b --skip-tags=c "
                + "'--start-at-task=It'\"'\"'s here' -e @../env/awx_vars.json"));
            Assert.That(files["env/extravars"], Is.EqualTo("password: hunter2"));
            Assert.That(layout.ShownCommand, Has.None.Contains("hunter2"));
            Assert.That(layout.ShownCommand, Does.Contain("@env/extravars"));
            Assert.That(layout.ShownCommand[^1], Is.EqualTo("site.yml"));
        });
    }

    [Test]
    public void AdHocCommand_IsAModuleOnAPattern_RunAtTheRoot()
    {
        var command = new AdHocCommand
        {
            Id = 7,
            ModuleName = "shell",
            ModuleArgs = "-n; echo 'a b'",
            Limit = "web1:!db",
            Forks = 2,
            BecomeEnabled = true,
            InventoryId = 1,
        };

        var layout = new RunnerLayout(command, null, "");

        Assert.That(
            layout.Command,
            Is.EqualTo(new[] { "ansible-runner", "run", "--json", "-i", "7", "--module=shell", "--args=-n; echo 'a b'", "--hosts=web1:!db", "." }));
        Assert.That(layout.Files().Single(file => file.Name == "env/cmdline").Text, Is.EqualTo("--become --forks=2 -e @env/awx_vars.json"));
        Assert.That(
            layout.ShownCommand,
            Is.EqualTo(new[]
            {
                "ansible", "--become", "--forks=2", "-e", "@env/awx_vars.json", "-i", "inventory", "-m", "shell", "-a", "-n; echo 'a b'", "web1:!db",
            }));
    }

    [TestCase("", "all")]
    [TestCase(" ", "all")]
    [TestCase("--private-key=/x", ",--private-key=/x")]
    [TestCase(" -web", ", -web")]
    public void Pattern_OfAnAdHocCommand_IsNeverAnOption(string limit, string pattern)
    {
        var layout = new RunnerLayout(new AdHocCommand { ModuleName = "ping", Limit = limit }, null, "");

        Assert.That(layout.Command, Does.Contain("--hosts=" + pattern));
        Assert.That(layout.ShownCommand[^1], Is.EqualTo(pattern));
    }

    [TestCase("")]
    [TestCase("---\n")]
    [TestCase("---\n# nothing\n")]
    [TestCase("{}")]
    [TestCase("null")]
    public void NoVariables_GiveNoFileThatAnsibleWouldRefuse(string text)
    {
        var files = new RunnerLayout(new Job { Playbook = "a.yml", ExtraVars = text }, null, "").Files().Select(f => f.Name);

        Assert.That(files, text == "{}" ? Does.Contain("env/extravars") : Does.Not.Contain("env/extravars"));
    }

    [Test]
    public void MetaVariables_HaveBothPrefixes()
    {
        var job = new Job
        {
            Id = 7,
            LaunchType = LaunchTypes.Relaunch,
            JobTemplate = new JobTemplate { Id = 3, Name = "deploy" },
            Inventory = new Inventory { Id = 4, Name = "hosts" },
            Project = new Project { Id = 5, ScmBranch = "main" },
        };

        var variables = JsonDocument.Parse(MetaVariables.Json(job, new User { Id = 2, Username = "ann" }, "abc")).RootElement;

        foreach (var prefix in (string[])["awx", "tower"])
        {
            Assert.That(variables.GetProperty($"{prefix}_job_id").GetInt64(), Is.EqualTo(7));
            Assert.That(variables.GetProperty($"{prefix}_job_launch_type").GetString(), Is.EqualTo("relaunch"));
            Assert.That(variables.GetProperty($"{prefix}_job_template_name").GetString(), Is.EqualTo("deploy"));
            Assert.That(variables.GetProperty($"{prefix}_inventory_id").GetInt64(), Is.EqualTo(4));
            Assert.That(variables.GetProperty($"{prefix}_project_revision").GetString(), Is.EqualTo("abc"));
            Assert.That(variables.GetProperty($"{prefix}_project_scm_branch").GetString(), Is.EqualTo("main"));
            Assert.That(variables.GetProperty($"{prefix}_user_name").GetString(), Is.EqualTo("ann"));
        }
    }

    [Test]
    public void Environment_IsShownWithItsSecretsMasked()
    {
        var shown = JsonDocument.Parse(ProgramEnvironment.Masked(new Dictionary<string, string>
        {
            ["API_TOKEN"] = "x",
            ["DB_PASSWORD"] = "x",
            ["ANSIBLE_HOST_KEY_CHECKING"] = "False",
            ["LANG"] = "C.UTF-8",
        })).RootElement;

        Assert.That(shown.GetProperty("API_TOKEN").GetString(), Is.EqualTo("**********"));
        Assert.That(shown.GetProperty("DB_PASSWORD").GetString(), Is.EqualTo("**********"));
        Assert.That(shown.GetProperty("ANSIBLE_HOST_KEY_CHECKING").GetString(), Is.EqualTo("False"));
        Assert.That(shown.GetProperty("LANG").GetString(), Is.EqualTo("C.UTF-8"));
    }
}
