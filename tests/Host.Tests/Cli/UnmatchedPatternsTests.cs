using System.Text;
using ContainerGroups.Host.Cli;

namespace ContainerGroups.Host.Tests.Cli;

public sealed class UnmatchedPatternsTests
{
    private const string Output = """
        before
        [1;35m[WARNING]: Could not match supplied host pattern, ignoring: nosuch[0m
        [WARNING]: Could not match supplied host pattern, ignoring:
        a-name-so-long-that-the-warning-is-wrapped
        [WARNING]: Could not match supplied host pattern, ignoring: nosuch
        after

        """;

    [Test]
    public void Warnings_AreFound_HoweverTheOutputIsCut()
    {
        var bytes = Encoding.UTF8.GetBytes(Output.Replace("[1;35m", "\u001b[1;35m", StringComparison.Ordinal).Replace("[0m", "\u001b[0m", StringComparison.Ordinal));
        for (var size = 1; size <= bytes.Length; size += 7)
        {
            var patterns = new UnmatchedPatterns();
            foreach (var piece in bytes.Chunk(size))
            {
                patterns.Read(piece);
            }

            Assert.That(patterns.Found, Is.EqualTo(new[] { "nosuch", "a-name-so-long-that-the-warning-is-wrapped" }), $"in pieces of {size} bytes");
        }
    }
}
