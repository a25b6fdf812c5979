using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Projects;

/// <summary>This host's copy of a project's repository: bare, filled by fetches, never worked in.</summary>
internal sealed partial class GitRepository(GitCommand git, ProjectsOptions options, string directory)
{
    private const string DefaultBranch = "refs/containergroups/default";

    private static readonly string[] LocalOnly = ["file"];

    /// <summary>One fetch at a time; readers need no turn, because objects are only ever added.</summary>
    private readonly SemaphoreSlim _fetching = new(1, 1);

    /// <summary>A checkout reads objects that only the removal of the whole repository takes away.</summary>
    private readonly SemaphoreSlim _reading = new(1, 1);

    [GeneratedRegex("^[0-9a-f]{40}$")]
    public static partial Regex FullCommit();

    /// <summary>Takes over all branches and tags of the source as they are now.</summary>
    /// <exception cref="GitException">The source can't be reached, or refuses.</exception>
    public async Task FetchAsync(GitSource source, bool anew, GitOutput? output, CancellationToken cancellationToken)
    {
        await _fetching.WaitAsync(cancellationToken);
        try
        {
            if (Directory.Exists(directory) && (anew || HasStaleLocks()))
            {
                await RemoveAsync(cancellationToken);
            }

            await InitAsync(cancellationToken);
            List<string> refspecs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
            // The default branch is asked for only when it is wanted: a repository may have none.
            refspecs.AddRange(source.Branch.Length == 0 ? [$"+HEAD:{DefaultBranch}"] : []);
            refspecs.AddRange(source.Refspec.Length > 0 ? [source.Refspec] : []);
            await FetchAsync(source, refspecs, ["--prune"], output, cancellationToken);
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>Fetches one commit that no branch leads to any more; false when the source does not give it.</summary>
    public async Task<bool> TryFetchCommitAsync(GitSource source, string commit, CancellationToken cancellationToken)
    {
        await _fetching.WaitAsync(cancellationToken);
        try
        {
            await FetchAsync(source, [$"{commit}:refs/containergroups/commits/{commit}"], [], null, cancellationToken);
            return true;
        }
        catch (GitException)
        {
            return false;
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>The commit that a branch, tag or commit names now; null when there is none of that name. An empty name is the default branch.</summary>
    public async Task<string?> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
        {
            return null;
        }

        string[] candidates = name.Length == 0 ? [DefaultBranch] : [$"refs/heads/{name}", $"refs/tags/{name}", name];
        foreach (var candidate in candidates)
        {
            var (exitCode, printed) = await git.RunAsync(
                ["--git-dir", directory, "rev-parse", "--verify", "--quiet", "--end-of-options", candidate + "^{commit}"], [], null, null, cancellationToken);
            if (exitCode == 0 && FullCommit().IsMatch(printed.Trim()))
            {
                return printed.Trim();
            }
        }

        return null;
    }

    /// <summary>Writes the files of a commit into an empty directory, without any trace of git.</summary>
    /// <exception cref="GitException">A file can't be written, or a submodule can't be had.</exception>
    public async Task CheckOutAsync(string commit, GitSource source, string target, GitOutput? output, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            await WriteFilesAsync(commit, source, target, output, cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task WriteFilesAsync(string commit, GitSource source, string target, GitOutput? output, CancellationToken cancellationToken)
    {
        await RequireAsync(
            ["clone", "--quiet", "--shared", "--no-checkout", "--template=", "--", directory, target], LocalOnly, output, cancellationToken);
        // Relative addresses of submodules are meant relative to the source, not to our copy.
        await RequireAsync(["-C", target, "remote", "set-url", "--", "origin", source.Url], [], output, cancellationToken);
        await RequireAsync(["-C", target, "checkout", "--quiet", "--detach", commit, "--"], [], output, cancellationToken);
        if (source.Submodules)
        {
            await RequireAsync(
                ["-C", target, "submodule", "update", "--init", "--recursive"], options.AllowedProtocols, output, cancellationToken, source.Login);
        }

        RemoveTracesOfGit(target);
    }

    /// <summary>Git takes no file of this name into a repository: what is there is its own, of the clone or of a submodule.</summary>
    private static void RemoveTracesOfGit(string directory)
    {
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        Directory.Delete(Path.Combine(directory, ".git"), recursive: true);
        foreach (var link in Directory.EnumerateFiles(directory, ".git", all).ToList())
        {
            File.Delete(link);
        }
    }

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task InitAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(directory, "HEAD")))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(directory)!);
            await RequireAsync(["init", "--quiet", "--bare", "--template=", "--", directory], [], null, cancellationToken);
        }
    }

    private Task FetchAsync(
        GitSource source, IEnumerable<string> refspecs, IEnumerable<string> more, GitOutput? output, CancellationToken cancellationToken) =>
        RequireAsync(
            ["--git-dir", directory, "fetch", "--force", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", .. more, "--", source.Url, .. refspecs],
            options.AllowedProtocols,
            output,
            cancellationToken,
            source.Login);

    /// <summary>A git that was killed, with us or by us, leaves its lock files, which would stop every later one.</summary>
    private bool HasStaleLocks() =>
        Directory.EnumerateFiles(directory, "*.lock", SearchOption.AllDirectories).Any();

    private async Task RequireAsync(
        IEnumerable<string> arguments, IReadOnlyList<string> protocols, GitOutput? output, CancellationToken cancellationToken, GitLogin? login = null)
    {
        var (exitCode, tail) = await git.RunAsync(arguments, protocols, output, login, cancellationToken);
        if (exitCode != 0)
        {
            throw new GitException(Sentence(login?.Hide(tail) ?? tail, exitCode));
        }
    }

    /// <summary>Git's own words: the line in which it gives up.</summary>
    private static string Sentence(string tail, int exitCode)
    {
        var lines = tail.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var cause = lines.FirstOrDefault(l => l.StartsWith("fatal:", StringComparison.Ordinal) || l.StartsWith("ERROR:", StringComparison.Ordinal))
            ?? lines.LastOrDefault() ?? $"exit status {exitCode}";
        return $"git: {cause}";
    }
}
