using ContainerGroups.Host.Inventories;

namespace ContainerGroups.Host.Tests.Inventories;

public sealed class PythonLiteralTests
{
    [TestCase("web", "\"web\"")]
    [TestCase("", "\"\"")]
    [TestCase("5", "5")]
    [TestCase("-5", "-5")]
    [TestCase("- 5", "-5")]
    [TestCase("--5", "\"--5\"")]
    [TestCase("007", "\"007\"")]
    [TestCase("00", "0")]
    [TestCase("1_000", "1000")]
    [TestCase("0x1f", "31")]
    [TestCase("0b101", "5")]
    [TestCase("1.", "1.0")]
    [TestCase("1e3", "1000.0")]
    [TestCase("3j", "\"3j\"")]
    [TestCase("1.2.3.4", "\"1.2.3.4\"")]
    [TestCase("1+2", "\"1+2\"")]
    [TestCase("True", "true")]
    [TestCase("true", "\"true\"")]
    [TestCase("None", "null")]
    [TestCase("5 # five", "5")]
    [TestCase("abc # no comment", "\"abc # no comment\"")]
    [TestCase("'a' 'b'", "\"ab\"")]
    [TestCase("'a", "\"'a\"")]
    [TestCase("b'a'", "\"a\"")]
    [TestCase("r'a\\n'", "\"a\\\\n\"")]
    [TestCase("'a\\x41\\101\\n\\q'", "\"aAA\\n\\\\q\"")]
    [TestCase("'''a'b'''", "\"a'b\"")]
    [TestCase("1, 2", "[1,2]")]
    [TestCase("1,", "[1]")]
    [TestCase("(1)", "1")]
    [TestCase("(1,)", "[1]")]
    [TestCase("()", "[]")]
    [TestCase("[1, 'a', [], ]", "[1,\"a\",[]]")]
    [TestCase("{'a': 1, 2: None}", "{\"a\":1,\"2\":null}")]
    [TestCase("{1, 2}", "[1,2]")]
    [TestCase("{[1]}", "\"{[1]}\"")]
    [TestCase("[1", "\"[1\"")]
    [TestCase("1e999", "\"1e999\"")]
    [TestCase("{{ var }}", "\"{{ var }}\"")]
    public void Value_IsALiteralOrText(string text, string expected)
    {
        var options = new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        Assert.That(PythonLiteral.Read(text)?.ToJsonString(options) ?? "null", Is.EqualTo(expected));
    }

    [Test]
    public void AnyText_IsReadAsSomething()
    {
        const string alphabet = "'\"\\[](){}:,#+-._ 01eExjbrTN\0\u00e4";
        var random = new Random(20260101);
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => alphabet[random.Next(alphabet.Length)]));

            Assert.That(() => PythonLiteral.Read(text), Throws.Nothing, text);
        }
    }

    [Test]
    public void Brackets_WithoutEnd_AreText() =>
        Assert.That(PythonLiteral.Read(new string('[', 100_000))!.GetValue<string>(), Has.Length.EqualTo(100_000));
}
