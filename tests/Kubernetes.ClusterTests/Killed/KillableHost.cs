using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests.Killed;

/// <summary>The server as a process on one data directory: killed as a machine loses it, and started again.</summary>
internal sealed class KillableHost(IReadOnlyDictionary<string, string> settings) : IDisposable
{
    private const string Password = "of-the-test";

    private readonly TemporaryDirectory _directory = new();
    private ServerProcess? _process;
    private ApiClient? _api;

    public ApiClient Api => _api ?? throw new InvalidOperationException("It was not started.");

    public async Task StartAsync()
    {
        var data = _directory.File("data");
        var variables = new Dictionary<string, string>(settings)
        {
            ["CG_ADMIN_PASSWORD"] = Password,
            ["CG_PLUGINS__DIRECTORIES__0"] = BuiltInPlugins.Directory,
        };
        _process = ServerProcess.Start(_directory.Path, variables, "serve", "--data", data, "--urls", "http://127.0.0.1:0");
        var file = await _process.ServesAsync(data);
        var http = new HttpClient { BaseAddress = new Uri(file.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));
        _api = new ApiClient(http);
    }

    /// <summary>At once; what it was about to do stays undone.</summary>
    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <returns>The group's id.</returns>
    public async Task<long> MakeGroupAsync(Cluster cluster, ClusterTap tap)
    {
        var type = (long)(await Api.GetAsync("credential_types/?namespace=kubernetes_bearer_token"))["results"]![0]!["id"]!;
        var inputs = new JsonObject { ["host"] = tap.Url.ToString(), ["bearer_token"] = cluster.Token, ["verify_ssl"] = true, ["ssl_ca_cert"] = tap.AuthorityPem };
        var credential = await Api.CreateAsync(
            "credentials/", new JsonObject { ["name"] = "cluster", ["organization"] = 1, ["credential_type"] = type, ["inputs"] = inputs }.ToJsonString());
        var pod = $$"""
            {
              "metadata": { "namespace": "{{cluster.Namespace}}" },
              "spec": { "containers": [{ "image": "{{cluster.Image}}", "imagePullPolicy": "IfNotPresent", "resources": { "requests": { "cpu": "10m" } } }] }
            }
            """;
        return await Api.CreateAsync(
            "instance_groups/",
            new JsonObject { ["name"] = "pods", ["is_container_group"] = true, ["credential"] = credential, ["pod_spec_override"] = pod }.ToJsonString());
    }

    public async Task<JsonNode> JobAsync(long id) => (await Api.GetAsync($"jobs/{id}/")).Json;

    public void Dispose()
    {
        Kill();
        _api?.Dispose();
        _directory.Dispose();
    }
}
