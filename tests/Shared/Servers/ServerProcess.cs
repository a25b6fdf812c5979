using System.Collections.Concurrent;
using System.Diagnostics;
using ContainerGroups.Host.Hosting;

namespace ContainerGroups.Tests.Shared;

/// <summary>The executable as a process of its own, as operators start it: for what signals, exit statuses and kills do.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "containergroups.dll");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _error = new();

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Add(_output, e.Data);
        process.ErrorDataReceived += (_, e) => Add(_error, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public string Error => string.Join('\n', _error);

    /// <param name="directory">The working directory.</param>
    /// <param name="variables">Added to the environment, from which every variable of ours was taken.</param>
    /// <param name="arguments">The command line.</param>
    public static ServerProcess Start(string directory, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        return Start(directory, variables, new ProcessStartInfo("dotnet", [Executable, .. arguments]));
    }

    /// <summary>The same behind a line of shell, in which <c>"$@"</c> is the command.</summary>
    public static ServerProcess StartInShell(string directory, IReadOnlyDictionary<string, string> variables, string script, params string[] arguments) =>
        Start(directory, variables, new ProcessStartInfo("sh", ["-c", script, "sh", "dotnet", Executable, .. arguments]));

    public static ServerProcess Start(string directory, params string[] arguments) =>
        Start(directory, new Dictionary<string, string>(), arguments);

    private static ServerProcess Start(string directory, IReadOnlyDictionary<string, string> variables, ProcessStartInfo start)
    {
        start.WorkingDirectory = directory;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("CG_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment.Remove("STATE_DIRECTORY");
        start.Environment.Remove("JOURNAL_STREAM");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return new ServerProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it serves, and says where.</summary>
    public async Task<ServerFile> ServesAsync(string dataDirectory)
    {
        ServerFile? file = null;
        await Tests.Shared.Eventually.BeAsync(
            () => _process.HasExited
                ? throw new InvalidOperationException($"The server ended with {_process.ExitCode}: {Output}{Error}")
                : (file = ServerFile.Read(dataDirectory)) is not null && file.ProcessId == Id,
            "the server serves",
            TimeSpan.FromSeconds(60));
        return file!;
    }

    /// <summary>Waits until standard output holds a text.</summary>
    public Task PrintsAsync(string text) => Tests.Shared.Eventually.BeAsync(
        () => Output.Contains(text, StringComparison.Ordinal) || (_process.HasExited
            ? throw new InvalidOperationException($"It ended with {_process.ExitCode}: {Output}{Error}")
            : false),
        $"it prints {text}",
        TimeSpan.FromSeconds(60));

    public async Task<int> EndsAsync(TimeSpan? deadline = null)
    {
        await Tests.Shared.Eventually.EndAsync(_process.WaitForExitAsync(), "the process", deadline ?? TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>Sends a signal by its name, as <c>kill</c> knows it.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static void Add(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
