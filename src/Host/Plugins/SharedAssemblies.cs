using System.Collections.Frozen;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>
/// The assemblies of which host and plugins use the same copy: the contract, and everything that the host's framework has. All
/// others, the host's own libraries included, a plugin brings itself, in whatever version it likes.
/// </summary>
internal static class SharedAssemblies
{
    public static readonly string Contract = typeof(IPlugin).Assembly.GetName().Name!;

    // Written by the build: a single-file executable has no framework directory that could be listed at run time.
    private const string FrameworkList = "framework-assemblies.txt";

    private static readonly FrozenSet<string> Names = ReadFrameworkList().Append(Contract).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) =>
        Names.Contains(name) || name.StartsWith("System.Private.", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> ReadFrameworkList()
    {
        using var stream = typeof(SharedAssemblies).Assembly.GetManifestResourceStream(FrameworkList)
            ?? throw new InvalidOperationException($"The build left out the resource {FrameworkList}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } name)
        {
            yield return name;
        }
    }
}
