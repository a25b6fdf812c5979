using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Inventories;

namespace ContainerGroups.Host.IntegrationTests.Inventories;

public sealed class PythonLiteralAgainstPythonTests
{
    /// <summary>Ansible's rule, on one line of JSON for each value; what JSON can't hold stays text.</summary>
    private const string Script = """
        import ast, json, sys
        def plain(v):
            if isinstance(v, bytes): return v.decode('utf-8')
            if isinstance(v, (list, tuple)): return [plain(x) for x in v]
            if isinstance(v, set): raise ValueError('order')
            if isinstance(v, dict):
                if any(isinstance(k, (tuple, bytes, complex)) or k is Ellipsis for k in v): raise ValueError('key')
                return {k: plain(x) for k, x in v.items()}
            if isinstance(v, complex) or v is Ellipsis: raise ValueError('type')
            if isinstance(v, str): v.encode('utf-8')
            return v
        for line in sys.stdin:
            text = json.loads(line)
            try: value = json.dumps(plain(ast.literal_eval(text)), allow_nan=False)
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError): value = json.dumps(text)
            print(value)
        """;

    private static readonly string[] Pieces =
    [
        "1", "0", "07", "0x1F", "0b1", "1_0", "1.5", ".5", "1.", "1e3", "1E-2", "-", "+", " ", ",", ":", "(", ")", "[", "]", "{", "}", "'a'", "\"b c\"",
        "'", "\"", "\\", "\\n", "\\x41", "\\u00e4", "\\101", "r'", "b'x'", "u'y'", "''", "'''", "True", "False", "None", "true", "x", "#", "ä", "1j", ".", "e",
    ];

    [Test]
    public async Task AnyText_IsWhatPythonMakesOfIt([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        var texts = Enumerable.Range(0, 4000)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pieces[random.Next(Pieces.Length)])))
            // A set has no order, an ellipsis no form; both are told of in the documentation of the class.
            .Where(text => !text.Contains('{') || text.Contains(':')).Where(text => !text.Contains("..."))
            .Select(text => text.Trim()).ToList();

        var python = (await AnsibleTool.RunAsync("python3", string.Concat(texts.Select(t => JsonSerializer.Serialize(t) + "\n")), "-c", Script))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(python, Has.Length.EqualTo(texts.Count));
        Assert.Multiple(() =>
        {
            foreach (var (text, expected) in texts.Zip(python))
            {
                Assert.That(Plain(PythonLiteral.Read(text)), Is.EqualTo(Plain(JsonNode.Parse(expected))), text);
            }
        });
    }

    private static string Plain(JsonNode? node) =>
        node?.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? "null";
}
