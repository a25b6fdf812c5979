namespace ContainerGroups.Host.Projects;

/// <summary>A file or directory of an archive, checked.</summary>
/// <param name="Name">Relative, with <c>/</c>, without <c>.</c> and <c>..</c>.</param>
/// <param name="IsDirectory">Whether it is a directory; its parents are not always entries of their own.</param>
/// <param name="Executable">Whether its owner may run it; the one right that is kept.</param>
/// <param name="Content">To be read before the next item is asked for; empty for a directory.</param>
internal sealed record ArchiveItem(string Name, bool IsDirectory, bool Executable, Stream Content);
