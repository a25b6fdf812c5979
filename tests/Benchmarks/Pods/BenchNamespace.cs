using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Benchmarks.Pods;

/// <summary>A namespace of its own on the cluster of KUBECONFIG, with the service account of deploy/kubernetes; gone at the end.</summary>
internal sealed class BenchNamespace : IAsyncDisposable
{
    private BenchNamespace(string name, Uri server, string authority, string token) =>
        (Name, Server, Authority, Token) = (name, server, authority, token);

    public string Name { get; }

    public Uri Server { get; }

    public string Authority { get; }

    public string Token { get; }

    public static async Task<BenchNamespace> CreateAsync()
    {
        var name = $"cg-bench-{Guid.NewGuid().ToString("N")[..6]}";
        var config = JsonNode.Parse(await KubectlAsync("config", "view", "--minify", "--raw", "-o", "json"))!["clusters"]![0]!["cluster"]!;
        var authority = (string?)config["certificate-authority-data"] is { } data
            ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
            : await File.ReadAllTextAsync((string)config["certificate-authority"]!);
        await KubectlAsync("create", "namespace", name);
        await KubectlAsync("-n", name, "apply", "-f", Path.Combine(Repository.Root, "deploy", "kubernetes", "service-account.yml"));
        string token;
        do
        {
            token = await KubectlAsync("-n", name, "get", "secret", "awx-token", "-o", "jsonpath={.data.token}");
        }
        while (token.Length == 0);

        return new BenchNamespace(name, new Uri((string)config["server"]!), authority, Encoding.ASCII.GetString(Convert.FromBase64String(token)));
    }

    public async ValueTask DisposeAsync() => await KubectlAsync("delete", "namespace", Name, "--wait=false");

    private static async Task<string> KubectlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true };
        using var kubectl = Process.Start(start)!;
        var output = await kubectl.StandardOutput.ReadToEndAsync();
        await kubectl.WaitForExitAsync();
        return kubectl.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} ended with {kubectl.ExitCode}.");
    }
}
