using ContainerGroups.Host.Rest.Filters;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Host.Tests.Rest;

public sealed class FilterTermTests
{
    [TestCase("name", FilterConnector.And, false, "name", Lookup.Exact)]
    [TestCase("name__icontains", FilterConnector.And, false, "name", Lookup.IContains)]
    [TestCase("not__name__exact", FilterConnector.And, true, "name", Lookup.Exact)]
    [TestCase("or__name", FilterConnector.Or, false, "name", Lookup.Exact)]
    [TestCase("or__not__a__b__in", FilterConnector.Or, true, "a/b", Lookup.In)]
    [TestCase("chain__a__b", FilterConnector.Chain, false, "a/b", Lookup.Exact)]
    [TestCase("chain__not__a__b__isnull", FilterConnector.Chain, true, "a/b", Lookup.IsNull)]
    [TestCase("port__int", FilterConnector.And, false, "port", Lookup.Exact)]
    [TestCase("port__gt__int", FilterConnector.And, false, "port", Lookup.Gt)]
    [TestCase("teams__search", FilterConnector.And, false, "teams", Lookup.Search)]
    [TestCase("in", FilterConnector.And, false, "in", Lookup.Exact)]
    [TestCase("__", FilterConnector.And, false, "/", Lookup.Exact)]
    public void Key_IsTakenApart(string key, object connector, bool negated, string path, object lookup)
    {
        var term = FilterTerm.Parse(key, "v");

        Assert.That(term.Connector, Is.EqualTo(connector));
        Assert.That(term.Negated, Is.EqualTo(negated));
        Assert.That(string.Join('/', term.Path), Is.EqualTo(path));
        Assert.That(term.Lookup, Is.EqualTo(lookup));
        Assert.That(term.Value, Is.EqualTo("v"));
    }

    [Test]
    public void AnyKey_HasAPath() =>
        Check.QuickThrowOnFailure(Prop.ForAll(
            ArbMap.Default.ArbFor<string>(), key => FilterTerm.Parse(key ?? "", "x").Path.Count >= 1));

    [Test]
    public void PathAndLookup_ComeBack()
    {
        var segment = Gen.Elements("a", "name", "organization", "x1");
        var cases = from length in Gen.Choose(1, 11)
                    from path in segment.ListOf(length)
                    from lookup in Gen.Elements(Enum.GetValues<Lookup>())
                    select (Path: path.ToList(), Lookup: lookup);

        Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var term = FilterTerm.Parse(string.Join("__", one.Path) + "__" + one.Lookup.ToString().ToLowerInvariant(), "");
            return term.Path.SequenceEqual(one.Path) && term.Lookup == one.Lookup;
        }));
    }
}
