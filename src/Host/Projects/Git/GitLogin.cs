using System.Text;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Plugins;

namespace ContainerGroups.Host.Projects;

/// <summary>
/// How git logs in to one source: files in a directory of their own that go when it is disposed of, and variables that name them. The
/// password is given to the source's own host alone, whatever redirects or submodules ask for.
/// </summary>
internal sealed class GitLogin : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerRuns = OwnerOnly | UnixFileMode.UserExecute;

    private readonly string _directory;
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly CallSecrets _secrets;

    /// <param name="temporary">Where the directory is made; what a crash leaves there is removed at the next start.</param>
    /// <param name="url">The source.</param>
    /// <param name="credential">Of kind scm.</param>
    public GitLogin(string temporary, string url, OpenCredential credential)
    {
        _directory = Path.Combine(temporary, $"git-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_directory, OwnerRuns);
        var values = credential.Values;
        _secrets = CallSecrets.Of(values, credential.Fields);
        var asks = Write("username", values.GetString("username")) | Write("password", values.GetString("password"))
            | Write("passphrase", values.GetString("ssh_key_unlock"));
        if (asks)
        {
            Write("askpass", Script(HostOf(url)), OwnerRuns);
            _environment["GIT_ASKPASS"] = _environment["SSH_ASKPASS"] = PathOf("askpass");
            _environment["SSH_ASKPASS_REQUIRE"] = "force";
        }

        var hasKey = values.GetString("ssh_key_data") is { Length: > 0 } key && Write("key", key.ReplaceLineEndings("\n").TrimEnd('\n') + "\n");
        SshOptions = (asks ? "-o NumberOfPasswordPrompts=1" : "-o BatchMode=yes")
            + (hasKey ? $" -o IdentitiesOnly=yes -o IdentityFile='{PathOf("key")}'" : "");
    }

    public IReadOnlyDictionary<string, string> Environment => _environment;

    /// <summary>Options of ssh; none is secret.</summary>
    public string SshOptions { get; }

    /// <summary>What git and the other side say, without the secrets that they may quote.</summary>
    public string Hide(string said) => _secrets.RemoveFrom(said);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>The host, with its port, as git names it when it asks.</summary>
    private static string HostOf(string url)
    {
        if (url.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Authority[(uri.Authority.IndexOf('@') + 1)..] : "";
        }

        var host = url[(url.IndexOf('@') + 1)..];
        return host[..Math.Max(host.IndexOf(':'), 0)];
    }

    private static string Script(string host)
    {
        var quoted = "'" + host.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
        return $"""
            #!/bin/sh
            host={quoted}
            case $1 in
                "Enter passphrase"*) file=passphrase ;;
                Username*"//$host'"* | Username*"@$host'"*) file=username ;;
                Password*"//$host'"* | Password*"@$host'"* | *"@$host's password"*) file=password ;;
                *) exit 1 ;;
            esac
            exec cat "$(dirname "$0")/$file"

            """.ReplaceLineEndings("\n");
    }

    private bool Write(string name, string? content, UnixFileMode mode = OwnerOnly)
    {
        if (string.IsNullOrEmpty(content))
        {
            return false;
        }

        using var file = new FileStream(
            PathOf(name), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });
        file.Write(Encoding.UTF8.GetBytes(content));
        return true;
    }

    private string PathOf(string name) => Path.Combine(_directory, name);
}
