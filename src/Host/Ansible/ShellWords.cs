namespace ContainerGroups.Host.Ansible;

/// <summary>Arguments as one line of a POSIX shell, which is how ansible-runner reads them from a file.</summary>
internal static class ShellWords
{
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word) =>
        word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : $"'{word.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";
}
