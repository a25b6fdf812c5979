using System.Text;

namespace ContainerGroups.Host.Rest;

/// <summary>AWX's spelling of a name of ours.</summary>
internal static class SnakeCase
{
    /// <summary><c>MaxConcurrentJobs</c> becomes <c>max_concurrent_jobs</c>.</summary>
    public static string From(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary><c>max_concurrent_jobs</c> becomes <c>Max concurrent jobs</c>.</summary>
    public static string ToLabel(string name)
    {
        var words = name.Replace('_', ' ').Trim();
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary><c>instance_group</c> becomes <c>Instance Group</c>.</summary>
    public static string ToTitle(string name) =>
        string.Join(' ', name.Replace('_', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ToLabel));
}
