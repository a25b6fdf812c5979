using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OpenShiftPasswordCredential;

/// <summary>What a kubeconfig's current context says of server and user.</summary>
internal sealed record Kubeconfig
{
    public string? Server { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>PEM.</summary>
    public string? Authority { get; init; }

    /// <param name="text">The file.</param>
    /// <param name="config">What it says; empty when it can't be read.</param>
    /// <param name="fault">Why it can't be read, without a word of it: it holds a password.</param>
    public static bool TryRead(string text, out Kubeconfig config, out string fault)
    {
        (config, fault) = (new Kubeconfig(), "");
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            if (yaml.Documents.Count != 1 || yaml.Documents[0].RootNode is not YamlMappingNode root)
            {
                fault = "The kubeconfig must be one YAML document with keys.";
                return false;
            }

            if (Named(root, "contexts", Text(root, "current-context"), "context") is not { } context)
            {
                fault = "The kubeconfig's current-context names no context of it.";
                return false;
            }

            config = Of(Named(root, "clusters", Text(context, "cluster"), "cluster"), Named(root, "users", Text(context, "user"), "user"));
            return true;
        }
        catch (YamlException e)
        {
            fault = $"The kubeconfig is no YAML: line {e.Start.Line}, column {e.Start.Column}.";
            return false;
        }
        catch (FormatException)
        {
            fault = "The kubeconfig's certificate-authority-data is no base64.";
            return false;
        }
    }

    private static Kubeconfig Of(YamlMappingNode? cluster, YamlMappingNode? user) => new()
    {
        Server = Text(cluster, "server"),
        Authority = Text(cluster, "certificate-authority-data") is { } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data)) : null,
        Username = Text(user, "username"),
        Password = Text(user, "password"),
    };

    private static YamlMappingNode? Named(YamlMappingNode root, string list, string? name, string content) =>
        Child(root, list) is YamlSequenceNode entries
            ? Child(entries.OfType<YamlMappingNode>().FirstOrDefault(entry => Text(entry, "name") == name), content) as YamlMappingNode
            : null;

    private static string? Text(YamlMappingNode? map, string key) => Child(map, key) is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : null;

    private static YamlNode? Child(YamlMappingNode? map, string key) =>
        map is not null && map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
