using System.Text;
using ContainerGroups.Host.Cli;

namespace ContainerGroups.Host.Tests.Cli;

public sealed class AnsiStripperTests
{
    [TestCase("plain", "plain")]
    [TestCase("\u001b[0;32mok: [web1]\u001b[0m\r\n", "ok: [web1]\r\n")]
    [TestCase("a\u001b[1;38;5;208mb", "ab")]
    [TestCase("\u001b]0;a title\u0007text", "text")]
    [TestCase("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link")]
    [TestCase("\u001b(Bx\u001b=y", "xy")]
    [TestCase("\u001b\u001b[31mred", "red")]
    [TestCase("naïve ☃", "naïve ☃")]
    public void Text_WithSequences_IsTheTextWithout(string text, string expected) =>
        Assert.That(Strip(text, text.Length * 4), Is.EqualTo(expected));

    [Test]
    public void Text_CutAnywhere_IsTheSameText()
    {
        const string Text = "\u001b[0;32mok\u001b[0m \u001b]8;;http://x\u001b\\link\u001b]0;t\u0007 ☃ \u001b(B end";
        var whole = Strip(Text, 1000);
        for (var size = 1; size < 20; size++)
        {
            Assert.That(Strip(Text, size), Is.EqualTo(whole), $"in pieces of {size} bytes");
        }
    }

    private static string Strip(string text, int pieceLength)
    {
        var stripper = new AnsiStripper();
        var result = new MemoryStream();
        foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(Math.Max(1, pieceLength)))
        {
            // In place, as the follower does it.
            result.Write(piece, 0, stripper.Strip(piece, piece));
        }

        return Encoding.UTF8.GetString(result.ToArray());
    }
}
