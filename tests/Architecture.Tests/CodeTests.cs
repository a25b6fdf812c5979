using ContainerGroups.Architecture.Tests.Samples;

namespace ContainerGroups.Architecture.Tests;

internal sealed class CodeTests
{
    // Names that say nothing about what a class decides; the words to use instead are in the design.
    private static readonly string[] EmptySuffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Service", "Dto"];

    private static IReadOnlyList<Type> HostTypes { get; } = [.. typeof(Host.HostApp).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith(FolderOrder.RootNamespace, StringComparison.Ordinal) == true)];

    private static IEnumerable<string> ShippedAssemblies =>
    [
        typeof(Host.HostApp).Assembly.Location,
        typeof(Abstractions.IPlugin).Assembly.Location,
        .. Solution.Plugins.SelectMany(plugin => Directory.GetFiles(Solution.OutputOf(plugin), "ContainerGroups.*.dll")),
    ];

    [TestCaseSource(nameof(ShippedAssemblies))]
    public void Code_MakesNoBannedCall(string assembly) => Assert.That(BannedCalls.In(assembly), Is.Empty);

    [Test]
    public void BannedCall_OfEveryKind_IsSeen()
    {
        var calls = BannedCalls.In(typeof(Banned).Assembly.Location)
            .Where(call => call.StartsWith(typeof(Banned).FullName!, StringComparison.Ordinal));
        Assert.That(calls.Select(call => call.Split(' ')[2].TrimEnd(':')), Is.EquivalentTo(BannedCalls.Instead.Keys));
    }

    [Test]
    public void HostTypes_HaveNamesThatSaySomething()
    {
        Assert.That(HostTypes, Has.Count.GreaterThan(50));
        Assert.That(HostTypes.Where(type => EmptySuffixes.Any(suffix => type.Name.EndsWith(suffix, StringComparison.Ordinal))), Is.Empty);
    }

    [Test]
    public void HostTypes_AreSealed_UnlessOthersDeriveFromThem()
    {
        var bases = HostTypes.Select(type => type.BaseType is { IsGenericType: true } b ? b.GetGenericTypeDefinition() : type.BaseType).ToHashSet();
        Assert.That(HostTypes.Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !bases.Contains(type)), Is.Empty);
    }
}
