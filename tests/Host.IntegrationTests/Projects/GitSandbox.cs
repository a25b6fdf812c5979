using System.Diagnostics;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Projects;

/// <summary>A git repository to be fetched from, made with the git command.</summary>
internal sealed class GitSandbox : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public GitSandbox()
    {
        Run("init", "--quiet", "--initial-branch=main", ".");
        // A client may ask for a commit that no branch leads to, as on the usual servers.
        Run("config", "uploadpack.allowAnySHA1InWant", "true");
    }

    public string Path => _directory.Path;

    public string Url => "file://" + _directory.Path;

    /// <summary>Writes a file and commits it.</summary>
    /// <returns>The commit.</returns>
    public string Commit(string file, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_directory.File(file))!);
        File.WriteAllText(_directory.File(file), content);
        Run("add", "--all");
        return CommitAll();
    }

    public string CommitAll()
    {
        Run("commit", "--quiet", "--allow-empty", "--message", "change");
        return Run("rev-parse", "HEAD");
    }

    public string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = _directory.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException(error.GetAwaiter().GetResult());
    }

    public void Dispose() => _directory.Dispose();
}
