using System.Diagnostics;
using System.Text;

namespace ContainerGroups.Host.Projects;

/// <summary>Takes what git prints, as it comes.</summary>
internal delegate ValueTask GitOutput(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

/// <summary>
/// Runs git so that nothing of this machine's accounts takes part: no configuration, credentials, hooks, questions or
/// variables other than ours, and only the transports that the caller allows.
/// </summary>
internal sealed class GitCommand(ProjectsOptions options, ProjectPaths paths)
{
    private const int TailBytes = 4096;

    private static readonly string[] Inherited =
    [
        "PATH", "TZ", "http_proxy", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO",
    ];

    private static readonly string[] Always =
    [
        "-c", "credential.helper=", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "gc.autoDetach=false",
        "-c", "advice.detachedHead=false",
        // A server that says nothing for a minute will not say anything.
        "-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60",
    ];

    /// <summary>Runs one command to its end.</summary>
    /// <param name="arguments">After <c>git</c>; words that come from users stand behind <c>--</c> or <c>--end-of-options</c>.</param>
    /// <param name="protocols">The transports allowed to it.</param>
    /// <param name="output">Gets both of its streams; null to keep the last of them only.</param>
    /// <param name="login">How it may log in; null for not at all.</param>
    /// <param name="cancellationToken">Kills it, with its children.</param>
    /// <returns>Its exit code and the last that it printed.</returns>
    public async Task<(int ExitCode, string Tail)> RunAsync(
        IEnumerable<string> arguments, IReadOnlyList<string> protocols, GitOutput? output, GitLogin? login, CancellationToken cancellationToken)
    {
        using var process = Start(arguments, protocols, login);
        var tail = new MemoryStream();
        using var turn = new SemaphoreSlim(1, 1);
        await using var kill = cancellationToken.Register(() => Kill(process));
        var reading = Task.WhenAll(
            CopyAsync(process.StandardOutput.BaseStream, tail, turn, output, cancellationToken),
            CopyAsync(process.StandardError.BaseStream, tail, turn, output, cancellationToken));
        try
        {
            await reading;
        }
        catch
        {
            Kill(process);
            throw;
        }

        // The process is dead or dying: waiting for it needs no token, and leaving it would leave a zombie.
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return (process.ExitCode, Encoding.UTF8.GetString(tail.ToArray()));
    }

    private Process Start(IEnumerable<string> arguments, IReadOnlyList<string> protocols, GitLogin? login)
    {
        var start = new ProcessStartInfo(options.GitCommand)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = paths.GitHome,
        };
        foreach (var argument in Always.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        var kept = Inherited.Select(n => (Name: n, Value: start.Environment.TryGetValue(n, out var v) ? v : null)).Where(v => v.Value is not null).ToList();
        start.Environment.Clear();
        kept.ForEach(v => start.Environment[v.Name] = v.Value);
        foreach (var (name, value) in OwnEnvironment(protocols, login).Concat(login?.Environment.Select(variable => (variable.Key, variable.Value)) ?? []))
        {
            start.Environment[name] = value;
        }

        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new GitException($"The command {options.GitCommand} can't be run on this host: {e.Message}.");
        }
    }

    private IEnumerable<(string Name, string Value)> OwnEnvironment(IReadOnlyList<string> protocols, GitLogin? login) =>
    [
        ("HOME", paths.GitHome),
        ("LC_ALL", "C.UTF-8"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_ASKPASS", "/bin/false"),
        ("SSH_ASKPASS", "/bin/false"),
        ("GIT_ALLOW_PROTOCOL", string.Join(':', protocols)),
        // A host key is taken at the first visit and insisted on from then on.
        ("GIT_SSH_COMMAND", $"ssh -F none {login?.SshOptions ?? "-o BatchMode=yes"} -o ConnectTimeout=30 -o ServerAliveInterval=20 -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile='{paths.GitHome}/known_hosts'"),
    ];

    private static async Task CopyAsync(
        Stream from, MemoryStream tail, SemaphoreSlim turn, GitOutput? output, CancellationToken cancellationToken)
    {
        var buffer = new byte[8192];
        while (await from.ReadAsync(buffer, CancellationToken.None) is var read && read > 0)
        {
            await turn.WaitAsync(cancellationToken);
            try
            {
                Keep(tail, buffer.AsSpan(0, read));
                if (output is not null)
                {
                    await output(buffer.AsMemory(0, read), cancellationToken);
                }
            }
            finally
            {
                turn.Release();
            }
        }
    }

    private static void Keep(MemoryStream tail, ReadOnlySpan<byte> bytes)
    {
        tail.Write(bytes);
        if (tail.Length > 2 * TailBytes)
        {
            var last = tail.GetBuffer().AsSpan((int)tail.Length - TailBytes, TailBytes).ToArray();
            tail.SetLength(0);
            tail.Write(last);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended by itself.
        }
    }
}
