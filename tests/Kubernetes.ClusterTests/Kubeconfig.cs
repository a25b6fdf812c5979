using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>The current context of a kubeconfig: where, trusted by what, and as whom.</summary>
internal sealed record Kubeconfig(Uri Server, string AuthorityPem, X509Certificate2? Certificate, string? Token)
{
    public static Kubeconfig Read(string path)
    {
        var yaml = new YamlStream();
        using (var reader = new StreamReader(path))
        {
            yaml.Load(reader);
        }

        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        var context = Named(root, "contexts", Text(root, "current-context") ?? throw Missing(path, "current-context"), "context");
        var cluster = Named(root, "clusters", Text(context, "cluster")!, "cluster");
        var user = Named(root, "users", Text(context, "user")!, "user");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return new(
            new Uri(Text(cluster, "server")!),
            Data(cluster, "certificate-authority", folder) ?? throw Missing(path, "certificate-authority"),
            Data(user, "client-certificate", folder) is { } certificate ? X509Certificate2.CreateFromPem(certificate, Data(user, "client-key", folder)!) : null,
            Text(user, "token") ?? (Text(user, "tokenFile") is { } file ? File.ReadAllText(Path.Combine(folder, file)).Trim() : null));
    }

    private static YamlMappingNode Named(YamlMappingNode root, string list, string name, string what) =>
        (YamlMappingNode)((YamlSequenceNode)root[list]).Cast<YamlMappingNode>().Single(one => Text(one, "name") == name)[what];

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? ((YamlScalarNode)value).Value : null;

    /// <summary>A PEM text that stands in the file itself, or in a file beside it.</summary>
    private static string? Data(YamlMappingNode node, string key, string folder) => Text(node, key + "-data") is { } data
        ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
        : Text(node, key) is { } file ? File.ReadAllText(Path.Combine(folder, file)) : null;

    private static InvalidOperationException Missing(string path, string key) => new($"{path} has no {key}.");
}
