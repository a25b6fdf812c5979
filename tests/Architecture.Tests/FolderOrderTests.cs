using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Architecture.Tests;

internal sealed class FolderOrderTests
{
    private const string SampleRoot = "ContainerGroups.Architecture.Tests.Samples";

    private static readonly string HostAssembly = typeof(Host.HostApp).Assembly.Location;

    [Test]
    public void Host_UsesFoldersBelowOnly()
    {
        var uses = UsesBetweenFolders(HostAssembly, FolderOrder.RootNamespace);
        Assert.That(uses, Has.Count.GreaterThan(20), "hardly anything was found, so nothing was checked");
        Assert.That(Violations(uses), Is.Empty);
    }

    [Test]
    public void EveryFolder_HasItsPlace()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src", "Host"))
            .Select(folder => Path.GetFileName(folder)).Except(["bin", "obj"]).ToList();
        Assert.That(folders, Does.Contain("Plugins"));
        Assert.That(folders.Where(folder => !FolderOrder.Knows(folder)), Is.Empty);
        Assert.That(UsesBetweenFolders(HostAssembly, FolderOrder.RootNamespace).SelectMany(use => new[] { use.User, use.Used })
            .Where(folder => !FolderOrder.Knows(folder)), Is.Empty);
    }

    [Test]
    public void ForbiddenUse_OfEveryKind_IsSeen()
    {
        var violations = Violations(UsesBetweenFolders(typeof(FolderOrderTests).Assembly.Location, SampleRoot));
        var users = violations.Select(violation => violation.Split(' ')[0].Split('`')[0]).Distinct();

        Assert.That(users, Is.EquivalentTo(new[]
        {
            "ByBaseType", "ByField", "ByAttribute", "ByConstraint", "ByParameter", "ByCode", "ByCatch", "ByLambda", "ByAsync", "ByIterator",
            "ByGenericMethod", "ByTypeOf",
        }));
    }

    [TestCase("Jobs", "Storage", true)]
    [TestCase("Jobs", "Jobs", true)]
    [TestCase("Storage", "Jobs", false)]
    [TestCase("Projects", "Inventories", false)]
    [TestCase(FolderOrder.Composition, "Dispatch", true)]
    [TestCase("Dispatch", FolderOrder.Composition, false)]
    public void Order_IsFromTopToBottom(string user, string used, bool allowed) =>
        Assert.That(FolderOrder.Allows(user, used), Is.EqualTo(allowed));

    private static IReadOnlyList<string> Violations(IEnumerable<FolderUse> uses) =>
        [.. uses.Where(use => !FolderOrder.Allows(use.User, use.Used)).Select(use => use.Text).Order(StringComparer.Ordinal)];

    private static List<FolderUse> UsesBetweenFolders(string assembly, string root) =>
        [.. from use in TypeUses.Of(assembly)
            let user = FolderOrder.FolderOf(use.UserNamespace, root)
            let used = FolderOrder.FolderOf(use.UsedNamespace, root)
            where user is not null && used is not null && user != used && IsOwn(use.User) && IsOwn(use.Used)
            select new FolderUse(user, used, $"{use.User} ({user}) uses {use.Used} ({used})")];

    // The compiler puts types of its own into the global namespace, where the entry point is too.
    private static bool IsOwn(string type) => !type.StartsWith('<');

    private sealed record FolderUse(string User, string Used, string Text);
}
