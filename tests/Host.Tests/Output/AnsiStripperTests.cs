using System.Buffers;
using System.Text;
using ContainerGroups.Host.Output;

namespace ContainerGroups.Host.Tests.Output;

public sealed class AnsiStripperTests
{
    [TestCase("plain\ttext\r\n", "plain\ttext\r\n")]
    [TestCase("\u001b[0;31mred\u001b[0m.", "red.")]
    [TestCase("\u001b[1;38;5;196mred\u001b[m", "red")]
    [TestCase("\u001b]0;title\u0007text", "text")]
    [TestCase("\u001b]0;title\u001b\\text", "text")]
    [TestCase("\u001b(Btext\u001bc", "text")]
    [TestCase("\u001b\u001b[31mx", "x")]
    [TestCase("ends in\u001b[3", "ends in")]
    public void Sequences_AreTakenOut_HoweverTheTextIsCut(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var piece = 1; piece <= bytes.Length; piece++)
        {
            var stripper = new AnsiStripper();
            var output = new ArrayBufferWriter<byte>();
            foreach (var part in bytes.Chunk(piece))
            {
                stripper.Strip(part, output);
            }

            Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Is.EqualTo(expected), $"pieces of {piece}");
        }
    }

    [Test]
    public void EscapeThatBeginsNoTitle_DoesNotSwallowTheRest()
    {
        var output = new ArrayBufferWriter<byte>();

        new AnsiStripper().Strip(Encoding.ASCII.GetBytes("\u001b]" + new string('x', 100_000)), output);

        Assert.That(output.WrittenCount, Is.GreaterThan(90_000));
    }
}
