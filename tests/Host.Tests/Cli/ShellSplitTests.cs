using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Cli;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Host.Tests.Cli;

public sealed class ShellSplitTests
{
    [TestCase("a=1 b=2", new[] { "a=1", "b=2" })]
    [TestCase("  a='x y'\tb=\"q r\" ", new[] { "a=x y", "b=q r" })]
    [TestCase("a=x\\ y", new[] { "a=x y" })]
    [TestCase("a='it''s' b=\"say \\\"hi\\\"\"", new[] { "a=its", "b=say \"hi\"" })]
    [TestCase("a=''", new[] { "a=" })]
    [TestCase("a=\"it's\"", new[] { "a=it's" })]
    [TestCase("a='b\\c'", new[] { "a=b\\c" })]
    [TestCase("   ", new string[0])]
    public void Text_IsSplitAsAShellWould(string text, string[] words) => Assert.That(ShellSplit.Words(text), Is.EqualTo(words));

    [Test]
    public void QuotedWords_SplitIntoThemselves() =>
        Prop.ForAll<NonNull<string>[]>(words =>
        {
            var expected = words.Select(word => word.Get).ToList();
            return ShellSplit.Words(ShellWords.Join(expected)).SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
}
