namespace ContainerGroups.Host.Projects;

/// <summary>An uploaded archive is not taken: the message names the entry and the cause, for the user.</summary>
internal sealed class ArchiveRefusedException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>About one entry.</summary>
    public static ArchiveRefusedException Entry(string name, string cause) => new($"The entry \"{Printable(name)}\" {cause}.");

    /// <summary>A name from an archive may hold anything, line feeds and escape codes included.</summary>
    private static string Printable(string name)
    {
        var cut = name.Length > 200 ? name[..200] + "…" : name;
        return string.Concat(cut.Select(c => char.IsControl(c) ? '\uFFFD' : c));
    }
}
