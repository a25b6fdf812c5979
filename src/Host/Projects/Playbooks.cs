using System.Text;
using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Projects;

/// <summary>Which files of a project are offered as playbooks: AWX's rule.</summary>
internal static partial class Playbooks
{
    /// <summary>A play begins early; a data file of hundreds of megabytes is not read for it.</summary>
    private const int MaxCharacters = 1 << 20;

    private static readonly HashSet<string> NotPlaybooks = new(StringComparer.Ordinal) { "roles", "tasks", "group_vars", "host_vars" };

    /// <summary>Whether a file of this relative path can be one at all.</summary>
    public static bool MayBeAt(string path)
    {
        if (!path.EndsWith(".yml", StringComparison.Ordinal) && !path.EndsWith(".yaml", StringComparison.Ordinal))
        {
            return false;
        }

        var parts = path.Split('/');
        return !parts.SkipLast(1).Any(NotPlaybooks.Contains) && !parts.Any(p => p.StartsWith('.'));
    }

    /// <summary>Whether a play, or an import of playbooks, begins somewhere in it; an encrypted file may be one.</summary>
    public static async Task<bool> LooksLikeOneAsync(Stream content, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content, Encoding.UTF8, leaveOpen: true);
        var buffer = new char[4096];
        var line = new StringBuilder();
        var total = 0;
        var isFirst = true;
        while (total < MaxCharacters && await reader.ReadAsync(buffer, cancellationToken) is var read && read > 0)
        {
            total += read;
            foreach (var c in buffer.AsSpan(0, read))
            {
                if (c != '\n')
                {
                    line.Append(c);
                    continue;
                }

                if (Decides(line.ToString(), isFirst))
                {
                    return true;
                }

                line.Clear();
                isFirst = false;
            }
        }

        return Decides(line.ToString(), isFirst);
    }

    /// <summary>The playbooks below a directory, relative and in order; links are not followed.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(string directory, CancellationToken cancellationToken)
    {
        var all = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = true,
        };
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(directory, "*", all))
        {
            var path = Path.GetRelativePath(directory, file);
            if (MayBeAt(path) && await IsOneAsync(file, cancellationToken))
            {
                found.Add(path);
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static async Task<bool> IsOneAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = File.OpenRead(file);
            return await LooksLikeOneAsync(content, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Decides(string line, bool isFirst) =>
        Play().IsMatch(line) || (isFirst && line.StartsWith("$ANSIBLE_VAULT;", StringComparison.Ordinal));

    [GeneratedRegex(@"^\s*-?\s*[""']?(hosts|(ansible\.builtin\.)?(import_playbook|include))[""']?\s*:", RegexOptions.CultureInvariant)]
    private static partial Regex Play();
}
