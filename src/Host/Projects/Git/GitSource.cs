using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Projects;

/// <summary>Where a git project comes from.</summary>
internal sealed record GitSource(string Url, string Branch, string Refspec, bool Submodules)
{
    /// <summary>How to log in there; null for a source that is open to everybody, or needs no visit.</summary>
    public GitLogin? Login { get; init; }

    public static GitSource Of(Project project) =>
        new(project.ScmUrl, project.ScmBranch, project.ScmRefspec, project.ScmTrackSubmodules);

    /// <summary>Why the address can't be used, for the user; null when it can. The words of a URL reach a command line.</summary>
    public static string? FaultOfUrl(string url, IReadOnlyList<string> protocols)
    {
        if (FaultOfWord(url) is { } fault)
        {
            return fault;
        }

        if (url.Contains("::", StringComparison.Ordinal))
        {
            return "Remote helpers (NAME::ADDRESS) are not allowed.";
        }

        if (!url.Contains("://", StringComparison.Ordinal))
        {
            return IsScpLike(url) ? FaultOfProtocol("ssh", protocols) : $"Give a URL ({string.Join(", ", protocols.Select(p => p + "://…"))}) or USER@HOST:PATH.";
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            return "Not a URL.";
        }

        // A token may stand in the place of the user's name.
        if (uri.UserInfo.Contains(':') || (uri.UserInfo.Length > 0 && uri.Scheme is "http" or "https"))
        {
            return "The URL must not hold a password or token: everybody who may see the project would see it. Give it in a Source Control credential.";
        }

        // A host that begins with a dash would be an option to ssh.
        return uri.Host.StartsWith('-') || uri.UserInfo.StartsWith('-')
            ? "The host must not begin with a dash."
            : FaultOfProtocol(url[..url.IndexOf(':')].ToLowerInvariant(), protocols);
    }

    /// <summary>Why a branch or a refspec can't be used; null when it can, as the empty one.</summary>
    public static string? FaultOfWord(string word)
    {
        if (word.StartsWith('-'))
        {
            return "Must not begin with a dash.";
        }

        return word.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "Must not contain spaces or control characters." : null;
    }

    private static string? FaultOfProtocol(string protocol, IReadOnlyList<string> protocols) =>
        protocols.Contains(protocol) ? null : $"The protocol {protocol} is not allowed; allowed are {string.Join(", ", protocols)}.";

    /// <summary><c>git@example.org:team/repository.git</c></summary>
    private static bool IsScpLike(string url)
    {
        var colon = url.IndexOf(':');
        var slash = url.IndexOf('/');
        var host = url[(url.IndexOf('@') + 1)..];
        return colon > 0 && (slash < 0 || colon < slash) && !host.StartsWith('-') && !host.StartsWith(':');
    }
}
