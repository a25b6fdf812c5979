using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Awx;

/// <summary>Sends a row's requests and holds their answers against what is written.</summary>
/// <param name="clients">By caller; the empty name is the administrator's.</param>
/// <param name="known">What setup has kept.</param>
internal sealed partial class AwxScript(IReadOnlyDictionary<string, ApiClient> clients, IDictionary<string, string> known)
{
    private readonly Dictionary<string, string> _own = new(StringComparer.Ordinal) { ["u"] = $"u{Guid.NewGuid():N}" };

    /// <summary>Everything that this script has kept.</summary>
    public IReadOnlyDictionary<string, string> Kept => _own;

    public async Task RunAsync(AwxRow row)
    {
        Assert.That(row.Steps, Is.Not.Empty, row.Name);
        foreach (var step in row.Steps)
        {
            var path = Fill(step.Path);
            var body = step.Body is null ? null : Encoding.UTF8.GetBytes(Fill(step.Body));
            var answer = await clients[step.Caller].SendAsync(HttpMethod.Parse(step.Method), path, body, "application/json", step.Header);
            var context = $"{step.Place} {step.Method} {path} {(body is null ? "" : Encoding.UTF8.GetString(body))}\n{answer.Text}";
            Assert.That((int)answer.Status, Is.EqualTo(step.Status), context);
            foreach (var check in step.Checks)
            {
                Check(check, answer, $"{check.Path} in {context}");
            }
        }
    }

    private string Fill(string text) => Variable().Replace(
        text, match => _own.TryGetValue(match.Groups["name"].Value, out var own) ? own
            : match.Groups["length"].Success ? new string('x', int.Parse(match.Groups["length"].Value, System.Globalization.CultureInfo.InvariantCulture))
            : known.TryGetValue(match.Groups["name"].Value, out var shared) ? shared
            : throw new KeyNotFoundException($"Nobody has kept {match.Value}."));

    private void Check(AwxCheck check, ApiAnswer answer, string context)
    {
        var value = Fill(check.Value);
        if (check.Path.StartsWith("header:", StringComparison.Ordinal))
        {
            var header = answer.Headers.GetValueOrDefault(check.Path["header:".Length..]);
            Assert.That(header, check.Verb == "~" ? Does.Match(value) : check.Verb == "is" ? Is.Null : Is.EqualTo(value), context);
            return;
        }

        if (check.Path == "text")
        {
            Assert.That(answer.Text, check.Verb == "~" ? Does.Match(value) : Is.EqualTo(JsonNode.Parse(value)!.GetValue<string>()), context);
            return;
        }

        Compare(check.Verb, value, Find(answer.Json, check.Path, context), context);
    }

    private void Compare(string verb, string value, JsonNode? found, string context)
    {
        switch (verb)
        {
            case "=":
                Assert.That(JsonNode.DeepEquals(found, JsonNode.Parse(value)), Is.True, $"{found?.ToJsonString() ?? "null"} is not {value}: {context}");
                break;
            case "~":
                Assert.That(found?.ToString() ?? "null", Does.Match(value), context);
                break;
            case "->":
                Assert.That(found, Is.Not.Null, context);
                _own[value] = found!.ToString();
                break;
            case "has":
            case "lacks":
                Assert.That(Contains(found, value), Is.EqualTo(verb == "has"), $"{verb} {value}: {context}");
                break;
            case "keys":
                Assert.That(found!.AsObject().Select(pair => pair.Key), Is.EqualTo(value.Split(',')), context);
                break;
            case "keys+":
                Assert.That(found!.AsObject().Select(pair => pair.Key), Is.SupersetOf(value.Split(',')), context);
                break;
            case "count":
                Assert.That(found!.AsArray(), Has.Count.EqualTo(int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)), context);
                break;
            default:
                throw new FormatException($"{verb} is no comparison of JSON.");
        }
    }

    private static bool Contains(JsonNode? found, string value) => found switch
    {
        JsonObject members => members.ContainsKey(value),
        JsonArray items => items.Any(item => JsonNode.DeepEquals(item, JsonNode.Parse(value))),
        _ => false,
    };

    private static JsonNode? Find(JsonNode? json, string path, string context)
    {
        var parts = path == "." ? [] : path.Split('.');
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] == "*")
            {
                var rest = string.Join('.', parts[(i + 1)..]);
                return new JsonArray([.. json!.AsArray().Select(item => Find(item, rest.Length == 0 ? "." : rest, context)?.DeepClone())]);
            }

            if (json is JsonObject members)
            {
                Assert.That(members.ContainsKey(parts[i]), Is.True, $"no {parts[i]}: {context}");
                json = members[parts[i]];
            }
            else
            {
                Assert.That(json, Is.InstanceOf<JsonArray>(), context);
                var position = int.Parse(parts[i], System.Globalization.CultureInfo.InvariantCulture);
                Assert.That(json!.AsArray(), Has.Count.GreaterThan(position), context);
                json = json[position];
            }
        }

        return json;
    }

    [GeneratedRegex("<(?<name>x(?<length>[0-9]+)|[a-z][a-z0-9_]*)>")]
    private static partial Regex Variable();
}
