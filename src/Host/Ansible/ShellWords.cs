namespace ContainerGroups.Host.Ansible;

/// <summary>Arguments as one line of a POSIX shell: ansible-runner reads them so from a file, and people copy them.</summary>
internal static class ShellWords
{
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    public static string Quote(string word) =>
        word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : $"'{word.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";
}
