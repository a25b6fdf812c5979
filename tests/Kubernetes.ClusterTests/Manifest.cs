using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>The objects of a manifest that kubectl could apply. Every scalar is a text: there is nothing else in ours.</summary>
internal static class Manifest
{
    public static IEnumerable<JsonObject> Read(string path)
    {
        var yaml = new YamlStream();
        using (var reader = new StreamReader(path))
        {
            yaml.Load(reader);
        }

        return yaml.Documents.Select(document => Convert(document.RootNode)).OfType<JsonObject>();
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Convert(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode text => JsonValue.Create(text.Value),
        _ => throw new InvalidDataException($"A {node.NodeType}."),
    };
}
