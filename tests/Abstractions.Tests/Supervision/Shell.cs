using System.Diagnostics;
using ContainerGroups.Abstractions.Supervision;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Abstractions.Tests.Supervision;

/// <summary>A system whose <c>sh</c> and tools are those of one kind, and one environment in it.</summary>
internal sealed class Shell : IDisposable
{
    private const string SystemPath = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();

    /// <param name="kind"><c>dash</c>, <c>bash</c>, or <c>busybox</c>, which brings its own tools.</param>
    public Shell(string kind)
    {
        var binary = SystemPath.Split(':').Select(directory => System.IO.Path.Combine(directory, kind)).FirstOrDefault(File.Exists);
        Assume.That(binary, Is.Not.Null, $"{kind} is not installed");
        Directory.CreateDirectory(_directory.File("bin"));
        Directory.CreateDirectory(Run + "/work");
        if (kind == "busybox")
        {
            foreach (var applet in Execute(binary!, ["--list"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Link(applet, binary!);
            }

            Path = _directory.File("bin");
        }
        else
        {
            Link("sh", binary!);
            Path = $"{_directory.File("bin")}:{SystemPath}";
        }

        File.WriteAllText($"{Run}/{Supervisor.ScriptFile}", Supervisor.Script);
    }

    public static string[] Kinds { get; } = ["dash", "bash", "busybox"];

    /// <summary>The environment's directory.</summary>
    public string Run => _directory.File("run");

    public string Path { get; set; }

    public ExitRecord? Exit => ReadOrNull(Supervisor.ExitFile) is { } text ? ExitRecord.Parse(text) : null;

    public StartRecord? Start => ReadOrNull(Supervisor.StartFile) is { } text ? StartRecord.Parse(text) : null;

    public string Spool => File.ReadAllText($"{Run}/{Supervisor.SpoolFile}");

    /// <summary>Only these of the system's tools are found from now on.</summary>
    public void LeaveOnly(params string[] tools)
    {
        var only = Directory.CreateDirectory(_directory.File("only")).FullName;
        foreach (var tool in tools.Append("sh"))
        {
            File.CreateSymbolicLink($"{only}/{tool}", Path.Split(':').Select(directory => $"{directory}/{tool}").First(File.Exists));
        }

        Path = only;
        Assume.That(Execute("sh", ["-c", "command -v mkdir"]).Code, Is.Not.Zero, "a shell that brings its tools along misses none");
    }

    public void WriteProgram(params string[] command) =>
        File.WriteAllBytes($"{Run}/{Supervisor.ProgramFile}", ProgramScript.Build(command, new Dictionary<string, string>()));

    /// <summary>Runs the supervisor and gives its answer; it goes on.</summary>
    public string? Supervise(TimeSpan? timeout = null)
    {
        using var process = Begin(Supervisor.RunCommand(Run, timeout, TimeSpan.FromSeconds(2)));
        return process.StandardOutput.ReadLine();
    }

    /// <summary>Runs a program under the supervisor to its end.</summary>
    public async Task<ExitRecord> RunAsync(string script, TimeSpan? timeout = null)
    {
        WriteProgram("sh", "-c", script);
        Assert.That(Supervise(timeout), Is.EqualTo("started"));
        await Eventually.BeAsync(() => Exit is not null, "the program has ended");
        return Exit!;
    }

    /// <summary>Runs the supervisor's other half to its end.</summary>
    public void Stop(TimeSpan grace)
    {
        var command = Supervisor.StopCommand(Run, grace);
        var (code, output) = Execute(command[0], command.Skip(1));
        Assert.That(code, Is.Zero, output);
    }

    /// <summary>Listens, as over a connection.</summary>
    public Follower Follow(long? offset) => new(Begin(Supervisor.FollowCommand(Run, offset, TimeSpan.FromSeconds(1)), keepsInput: true));

    /// <summary>The one word on what has become of the program.</summary>
    public string State()
    {
        var command = Supervisor.StateCommand(Run);
        return Execute(command[0], command.Skip(1)).Output.Trim();
    }

    /// <summary>Runs a command to its end.</summary>
    public (int Code, string Output) Execute(string program, IEnumerable<string> arguments)
    {
        using var process = Begin([program, .. arguments]);
        var output = process.StandardOutput.ReadToEnd();
        Assert.That(process.WaitForExit(Deadline), Is.True, $"{program} ends");
        return (process.ExitCode, output);
    }

    public void Dispose()
    {
        if (Directory.Exists(Run) && File.Exists($"{Run}/{Supervisor.ScriptFile}"))
        {
            Stop(TimeSpan.Zero);
        }

        _directory.Dispose();
    }

    private Process Begin(IReadOnlyList<string> command, bool keepsInput = false)
    {
        // .NET looks for programs in its own PATH; env looks in the one it is given.
        var description = new ProcessStartInfo("/usr/bin/env", ["-i", $"PATH={Path}", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = keepsInput,
            WorkingDirectory = Directory.Exists(Run) ? Run + "/work" : "/",
        };
        var process = Process.Start(description)!;
        if (!keepsInput)
        {
            process.StandardInput.Close();
        }

        return process;
    }

    private void Link(string name, string binary)
    {
        if (!File.Exists(_directory.File($"bin/{name}")))
        {
            File.CreateSymbolicLink(_directory.File($"bin/{name}"), binary);
        }
    }

    private string? ReadOrNull(string name) => File.Exists($"{Run}/{name}") ? File.ReadAllText($"{Run}/{name}") : null;
}
