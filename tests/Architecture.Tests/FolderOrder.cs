namespace ContainerGroups.Architecture.Tests;

/// <summary>
/// The one place where the order of the host's folders is written down: a folder uses only folders below it, and none beside it.
/// A new folder gets its place here.
/// </summary>
internal static class FolderOrder
{
    public const string RootNamespace = "ContainerGroups.Host";

    /// <summary>The namespace of top-level statements: the process's entry point.</summary>
    public const string Entry = "(entry)";

    /// <summary>The root folder itself, where the server is put together.</summary>
    public const string Composition = "(composition)";

    /// <summary>Top to bottom; the folders of one level don't know each other.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> Levels =
    [
        [Entry],
        ["Cli"],
        [Composition],
        ["Hosting"],
        ["Ui"],
        ["OData", "Api"],
        ["Dispatch"],
        ["Schedules"],
        ["Jobs"],
        ["Ansible"],
        ["JobTemplates"],
        ["Projects", "Inventories"],
        ["Output"],
        ["Organizations", "Login", "Labels", "Activity"],
        ["InstanceGroups", "Notifications"],
        ["ExecutionEnvironments"],
        ["Credentials"],
        ["Plugins"],
        ["Rest"],
        ["Access"],
        ["Storage"],
        ["Files"],
    ];

    /// <summary>Whether a type in one folder may use a type in another.</summary>
    public static bool Allows(string user, string used) => user == used || LevelOf(user) < LevelOf(used);

    public static bool Knows(string folder) => Levels.Any(level => level.Contains(folder));

    /// <summary>The folder of a namespace below the root; null for what is not the host's own (generated code).</summary>
    public static string? FolderOf(string @namespace, string rootNamespace) => @namespace switch
    {
        "" => Entry,
        _ when @namespace == rootNamespace => Composition,
        _ when @namespace.StartsWith(rootNamespace + ".", StringComparison.Ordinal) => @namespace[(rootNamespace.Length + 1)..].Split('.')[0],
        _ => null,
    };

    private static int LevelOf(string folder)
    {
        for (var level = 0; level < Levels.Count; level++)
        {
            if (Levels[level].Contains(folder))
            {
                return level;
            }
        }

        throw new ArgumentException($"The folder {folder} has no place in {nameof(FolderOrder)}.");
    }
}
