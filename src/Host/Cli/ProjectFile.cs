namespace ContainerGroups.Host.Cli;

/// <summary>One file of a project.</summary>
/// <param name="Name">Its path inside the project, with forward slashes.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Length">Its size in bytes when the directory was read.</param>
/// <param name="Mode">Its permissions.</param>
internal sealed record ProjectFile(string Name, string Path, long Length, UnixFileMode Mode)
{
    public bool Executable => Mode.HasFlag(UnixFileMode.UserExecute);

    /// <summary>Its bytes; null for none, since what has no size may be a pipe, and opening one could wait for ever.</summary>
    /// <exception cref="CliException">It can't be read.</exception>
    public FileStream? Open()
    {
        if (Length == 0)
        {
            return null;
        }

        try
        {
            return new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.BadRequest, $"The project's file {Path} can't be read: {e.Message}", e);
        }
    }
}
