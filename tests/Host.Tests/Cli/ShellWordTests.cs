using ContainerGroups.Host.Cli;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Host.Tests.Cli;

public sealed class ShellWordTests
{
    [TestCase("a=1 b=2", new[] { "a=1", "b=2" })]
    [TestCase("  a='x y'\tb=\"q r\" ", new[] { "a=x y", "b=q r" })]
    [TestCase("a=x\\ y", new[] { "a=x y" })]
    [TestCase("a='it''s' b=\"say \\\"hi\\\"\"", new[] { "a=its", "b=say \"hi\"" })]
    [TestCase("a=''", new[] { "a=" })]
    [TestCase("a=\"it's\"", new[] { "a=it's" })]
    [TestCase("a='b\\c'", new[] { "a=b\\c" })]
    [TestCase("   ", new string[0])]
    public void Text_IsSplitAsAShellWould(string text, string[] words) => Assert.That(ShellWord.Split(text), Is.EqualTo(words));

    [TestCase("plain-word_1.yml", "plain-word_1.yml")]
    [TestCase("two words", "'two words'")]
    [TestCase("it's", "'it'\\''s'")]
    [TestCase("", "''")]
    public void Word_IsQuotedOnlyWhereAShellNeedsIt(string word, string quoted) => Assert.That(ShellWord.Quote(word), Is.EqualTo(quoted));

    [Test]
    public void QuotedWords_SplitIntoThemselves() =>
        Prop.ForAll<NonNull<string>[]>(words =>
        {
            var expected = words.Select(word => word.Get).ToList();
            return ShellWord.Split(string.Join(' ', expected.Select(ShellWord.Quote))).SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
}
