using System.Text;
using System.Text.Json;
using ContainerGroups.Host.Rest;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>The Pod that a group's user wants merged over the default one, in the two forms in which clients send it: as text under
/// <c>pod_spec_override</c>, or as a Pod document in place of the body.</summary>
internal static class PodBody
{
    private const string Field = "pod_spec_override";

    private const int MaxDepth = 64;

    private static readonly string[] PodKeys = ["apiVersion", "kind", "metadata", "spec", "status"];

    /// <summary>Turns a Pod document into the field; other keys of the body stay what they are.</summary>
    /// <exception cref="ApiException">It is something else than a Pod, or the body has both forms.</exception>
    public static void Rewrite(RequestBody body)
    {
        if (!body.Has("spec") && !body.Has("kind"))
        {
            return;
        }

        var errors = new FieldErrors();
        if (body.Has(Field))
        {
            var given = body.Has("spec") ? "spec" : "kind";
            errors.Add(Field, $"Give the Pod either as {Field} or as the body itself ({given}), not both.");
            errors.Add(given, $"Give the Pod either as {Field} or as the body itself ({given}), not both.");
        }

        if (body.TryGet("kind", out var kind) && !(kind.ValueKind == JsonValueKind.String && kind.ValueEquals("Pod")))
        {
            errors.Add("kind", "Only a Pod can be given, kind: Pod.");
        }

        if (body.TryGet("spec", out var spec) && spec.ValueKind != JsonValueKind.Object)
        {
            errors.Add("spec", "A Pod's spec is a mapping.");
        }

        errors.ThrowIfAny();
        body.Set(Field, Text(body));
    }

    /// <summary>What is wrong with a text; null when it is empty, or one YAML (or JSON) document that is a mapping.</summary>
    public static string? Check(string text)
    {
        try
        {
            return CheckEvents(text);
        }
        catch (YamlException e)
        {
            return $"Cannot parse as YAML or JSON (line {e.Start.Line}, column {e.Start.Column}: {e.Message}).";
        }
    }

    /// <summary>Looks at the events of the document only, so that deep nesting and aliases cost nothing.</summary>
    private static string? CheckEvents(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        var roots = 0;
        var isRoot = false;
        while (parser.MoveNext())
        {
            if (isRoot && parser.Current is not MappingStart && parser.Current is not Scalar { Value.Length: 0 })
            {
                return "A mapping is expected: a Pod, or a part of one.";
            }

            isRoot = parser.Current is DocumentStart;
            roots += isRoot ? 1 : 0;
            if (roots > 1)
            {
                return "One document is expected, not several.";
            }

            depth += parser.Current?.NestingIncrease ?? 0;
            if (depth > MaxDepth)
            {
                return $"It is nested deeper than {MaxDepth} levels.";
            }
        }

        return null;
    }

    private static string Text(RequestBody body)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            foreach (var key in PodKeys)
            {
                if (body.TryGet(key, out var value))
                {
                    writer.WritePropertyName(key);
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
