using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Kubernetes.Tests.PodSpecs;

/// <summary>Overrides by chance, all of them legal.</summary>
internal static class Overrides
{
    private static readonly string[] SecretNames = ["a", "b", "c", "d", "e"];

    /// <summary>Different names in any order.</summary>
    public static Arbitrary<string[]> Secrets { get; } =
        Gen.Shuffle(SecretNames).SelectMany(names => Gen.Choose(0, names.Length), (names, count) => names.Take(count).ToArray()).ToArbitrary();

    public static Arbitrary<string> Any { get; } = Gen.Choose(0, int.MaxValue).Select(Make).ToArbitrary();

    public static string WithSecrets(IEnumerable<string> names) =>
        new JsonObject { ["spec"] = new JsonObject { ["imagePullSecrets"] = Named(names, _ => new JsonObject()) } }.ToJsonString();

    private static string Make(int seed)
    {
        var random = new System.Random(seed);
        var spec = new JsonObject();
        Maybe(random, spec, "nodeSelector", () => Labels(random));
        Maybe(random, spec, "serviceAccountName", () => Pick(random, "x", "y"));
        Maybe(random, spec, "tolerations", () => new JsonArray(new JsonObject { ["key"] = Pick(random, "k", "l") }));
        Maybe(random, spec, "imagePullSecrets", () => Named(Some(random, SecretNames), _ => new JsonObject()));
        Maybe(random, spec, "volumes", () => Named(Some(random, "v", "w"), _ => new JsonObject { ["emptyDir"] = new JsonObject() }));
        Maybe(random, spec, "containers", () => Containers(random));
        var metadata = new JsonObject();
        Maybe(random, metadata, "labels", () => Labels(random));
        Maybe(random, metadata, "annotations", () => Labels(random));
        return new JsonObject { ["metadata"] = metadata, ["spec"] = spec }.ToJsonString();
    }

    private static JsonArray Containers(System.Random random) => Named(Some(random, "worker", "side", "car"), _ =>
    {
        var container = new JsonObject { ["image"] = Pick(random, "i", "j") };
        Maybe(random, container, "args", () => new JsonArray(Pick(random, "p", "q"), Pick(random, "p", "q")));
        Maybe(random, container, "env", () => Named(Some(random, "A", "B", "C"), _ => new JsonObject { ["value"] = Pick(random, "1", "2") }));
        Maybe(random, container, "resources", () => new JsonObject { ["limits"] = new JsonObject { ["cpu"] = random.Next(4) } });
        Maybe(random, container, "tty", () => random.Next(2) == 0);
        return container;
    });

    private static JsonObject Labels(System.Random random) =>
        new(Some(random, "a", "b.c/d", "e'f").Select(key => KeyValuePair.Create(key, (JsonNode?)Pick(random, "1", "2"))));

    private static JsonArray Named(IEnumerable<string> names, Func<string, JsonObject> make) => new([.. names.Select(name =>
    {
        var item = make(name);
        item["name"] = name;
        return (JsonNode)item;
    })]);

    private static string[] Some(System.Random random, params string[] names)
    {
        var shuffled = names.ToArray();
        random.Shuffle(shuffled);
        return shuffled[..random.Next(names.Length + 1)];
    }

    private static void Maybe(System.Random random, JsonObject parent, string field, Func<JsonNode> make)
    {
        if (random.Next(2) == 0)
        {
            parent[field] = make();
        }
    }

    private static JsonNode Pick(System.Random random, params string[] values) => values[random.Next(values.Length)];
}
