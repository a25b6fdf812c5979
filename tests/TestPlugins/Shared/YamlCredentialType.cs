using ContainerGroups.Abstractions;
using YamlDotNet.RepresentationModel;

namespace ContainerGroups.TestPlugins;

/// <summary>A credential type that uses a private library, and tells which version of it it got.</summary>
internal sealed class YamlCredentialType(string @namespace) : PlainCredentialType(@namespace)
{
    public override Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader("answer: 42"));
        var answer = yaml.Documents[0].RootNode["answer"].ToString();
        return Task.FromResult(new ConnectionTest
        {
            Message = $"YAML says {answer}.",
            Details = new Dictionary<string, string> { ["yaml_version"] = typeof(YamlStream).Assembly.GetName().Version!.ToString() },
        });
    }
}
