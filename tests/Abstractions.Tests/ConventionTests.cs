using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace ContainerGroups.Abstractions.Tests;

internal sealed class ConventionTests
{
    private static readonly Assembly Contract = typeof(IPlugin).Assembly;

    private static IEnumerable<Type> Records => Contract.GetExportedTypes().Where(PublicApiPrinter.IsRecord);

    [Test]
    public void Records_CanGrow()
    {
        Assert.That(Records.Count(), Is.GreaterThan(10));
        Assert.That(Records.SelectMany(WhatKeepsItFromGrowing), Is.Empty);
    }

    [TestCase(typeof(Positional), "constructor")]
    [TestCase(typeof(Settable), "Value")]
    [TestCase(typeof(Open), "sealed")]
    public void RecordThatCannotGrow_IsSeen(Type type, string fault) =>
        Assert.That(WhatKeepsItFromGrowing(type), Has.Some.Contains(fault));

    [Test]
    public void EveryPublicMember_IsDocumented()
    {
        var file = XDocument.Load(Path.ChangeExtension(Contract.Location, ".xml"));
        var documented = file.Descendants("member")
            .Where(member => member.Element("summary") is { } summary && summary.Value.Trim().Length > 0)
            .Select(member => member.Attribute("name")!.Value).ToHashSet();
        var members = Contract.GetExportedTypes().SelectMany(type => WrittenMembers(type).Prepend(type)).ToList();

        Assert.That(members, Has.Count.GreaterThan(100));
        Assert.That(members.Select(DocumentationId.Of).Where(id => !documented.Contains(id)), Is.Empty);
    }

    [Test]
    public void Contract_UsesTheBaseClassLibraryOnly() =>
        Assert.That(Contract.GetReferencedAssemblies().Select(reference => reference.Name!),
            Has.All.StartsWith("System.").And.None.StartsWith("System.Private."));

    [Test]
    public void ContractVersion_IsOneVersion()
    {
        Assert.That(Version.Parse(ContractVersion.Current), Is.EqualTo(new Version(ContractVersion.Major, ContractVersion.Minor)));
        Assert.That(Contract.GetName().Version, Is.EqualTo(new Version(ContractVersion.Major, 0, 0, 0)));
    }

    private static IEnumerable<string> WhatKeepsItFromGrowing(Type record)
    {
        if (!record.IsSealed)
        {
            yield return $"{record.Name} is not sealed";
        }

        // A positional record: a parameter that is added later changes its constructor, and old plugins fail when they call it.
        if (record.GetConstructor(Type.EmptyTypes) is null)
        {
            yield return $"{record.Name} has no parameterless constructor";
        }

        foreach (var property in record.GetProperties().Where(property => property.SetMethod is { IsPublic: true }))
        {
            if (!PublicApiPrinter.IsInitOnly(property))
            {
                yield return $"{record.Name}.{property.Name} can be set after the object was made";
            }
        }
    }

    /// <summary>What a person wrote: no accessors, nothing that the compiler adds to records and enums.</summary>
    private static IEnumerable<MemberInfo> WrittenMembers(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetMembers(Declared).Where(member => member switch
        {
            Type => false,
            ConstructorInfo constructor => !PublicApiPrinter.IsRecord(type) && constructor.GetParameters().Length > 0,
            MethodBase method => !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)),
            FieldInfo field => !field.IsSpecialName,
            _ => true,
        });
    }

    public sealed record Positional(string Value);

    public sealed record Settable
    {
        public string Value { get; set; } = "";
    }

    public record Open;
}
