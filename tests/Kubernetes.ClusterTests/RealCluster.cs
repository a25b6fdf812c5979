using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>A namespace of its own on a real cluster, with the service account of deploy/kubernetes; gone at the end.</summary>
internal sealed class RealCluster : ICluster
{
    // The names in the manifest.
    private const string RoleName = "pod-manager";
    private const string TokenName = "awx-token";
    private const string DefaultImage = "busybox:latest";

    private readonly HttpClient _admin;
    private readonly string _namespace = "cg-facts-" + RandomNumberGenerator.GetHexString(6, lowercase: true);

    private RealCluster(Kubeconfig config)
    {
        var tls = Cluster.Trust(config.AuthorityPem);
        if (config.Certificate is { } certificate)
        {
            tls.ClientCertificates = new X509CertificateCollection { certificate };
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        _admin = new HttpClient(new SocketsHttpHandler { SslOptions = tls }) { BaseAddress = config.Server };
        if (config.Token is { } token)
        {
            _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public static async Task<Cluster> OpenAsync(string kubeconfig)
    {
        var config = Kubeconfig.Read(kubeconfig);
        var real = new RealCluster(config);
        try
        {
            await real.CreateAsync("/api/v1/namespaces", "v1", "Namespace", real._namespace);
            foreach (var made in Manifest.Read(System.IO.Path.Combine(Repository.Root, "deploy", "kubernetes", "service-account.yml")))
            {
                await real.SendAsync(HttpMethod.Post, real.PathOf(made), made);
            }

            var token = await real.TokenAsync();
            var image = Environment.GetEnvironmentVariable("CG_TEST_IMAGE") ?? DefaultImage;
            return new(config.Server, config.AuthorityPem, token, real._namespace, image, real);
        }
        catch
        {
            await real.DisposeAsync();
            throw;
        }
    }

    public Task SetExecVerbsAsync(params string[] verbs) => SetRulesAsync(Rules(verbs));

    public Task AllowEventsAsync(bool allowed) =>
        SetRulesAsync(allowed ? [.. Rules("create").Select(rule => rule!.DeepClone()), Rule("events", "list")] : Rules("create"));

    private Task SetRulesAsync(JsonArray rules) => SendAsync(HttpMethod.Put, Rbac("roles") + "/" + RoleName, new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "Role",
        ["metadata"] = new JsonObject { ["name"] = RoleName, ["namespace"] = _namespace },
        ["rules"] = rules,
    });

    public async Task SetQuotaAsync(string name, JsonObject? hard)
    {
        if (hard is null)
        {
            await SendAsync(HttpMethod.Delete, Path("resourcequotas") + "/" + name, null);
            return;
        }

        await CreateAsync(Path("resourcequotas"), "v1", "ResourceQuota", name, new() { ["spec"] = new JsonObject { ["hard"] = hard } });
        await Eventually.BeAsync(
            async () => (await SendAsync(HttpMethod.Get, Path("resourcequotas") + "/" + name, null))["status"]?["used"] is not null, "the quota is counted");
    }

    /// <summary>A pod template with the defaults that the server gives it. Nothing is stored.</summary>
    public async Task<JsonObject> CompleteAsync(JsonObject template) =>
        TemplateOf(await SendAsync(HttpMethod.Post, Path("podtemplates") + "?dryRun=All", Template("tried", template)));

    /// <summary>What the server makes of a strategic merge patch of a pod template.</summary>
    public async Task<JsonObject> MergeAsync(JsonObject template, JsonObject patch)
    {
        var name = "merged-" + RandomNumberGenerator.GetHexString(6, lowercase: true);
        await SendAsync(HttpMethod.Post, Path("podtemplates"), Template(name, template));
        return TemplateOf(await SendAsync(
            HttpMethod.Patch, $"{Path("podtemplates")}/{name}?dryRun=All", new() { ["template"] = patch }, "application/strategic-merge-patch+json"));
    }

    public async ValueTask DisposeAsync()
    {
        using (_admin)
        {
            await SendAsync(HttpMethod.Delete, "/api/v1/namespaces/" + _namespace, null);
        }
    }

    private static JsonArray Rules(params string[] execVerbs) =>
    [
        Rule("pods", "get", "list", "watch", "create", "update", "patch", "delete"),
        Rule("pods/exec", execVerbs),
    ];

    private static JsonObject Rule(string resource, params string[] verbs) => new()
    {
        ["apiGroups"] = new JsonArray(""),
        ["resources"] = new JsonArray(resource),
        ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]),
    };

    private static JsonObject Template(string name, JsonObject template) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PodTemplate",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["template"] = template.DeepClone(),
    };

    private static JsonObject TemplateOf(JsonObject answer) => answer["template"]!.AsObject();

    private string PathOf(JsonObject made) => (string)made["kind"]! switch
    {
        "Role" => Rbac("roles"),
        "RoleBinding" => Rbac("rolebindings"),
        var kind => Path(kind.ToLowerInvariant() + "s"),
    };

    private string Path(string resource) => $"/api/v1/namespaces/{_namespace}/{resource}";

    private string Rbac(string resource) => $"/apis/rbac.authorization.k8s.io/v1/namespaces/{_namespace}/{resource}";

    private async Task<string> TokenAsync()
    {
        string? token = null;
        await Eventually.BeAsync(async () => (token = (string?)(await SendAsync(HttpMethod.Get, Path("secrets") + "/" + TokenName, null))["data"]?["token"]) is not null,
            "the token Secret is filled");
        return Encoding.ASCII.GetString(Convert.FromBase64String(token!));
    }

    private Task<JsonObject> CreateAsync(string path, string version, string kind, string name, JsonObject? rest = null)
    {
        var body = rest ?? [];
        body["apiVersion"] = version;
        body["kind"] = kind;
        body["metadata"] = new JsonObject { ["name"] = name };
        return SendAsync(HttpMethod.Post, path, body);
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), new MediaTypeHeaderValue(type));
        using var response = await _admin.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.StatusCode < HttpStatusCode.BadRequest
            ? JsonNode.Parse(text)!.AsObject()
            : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
    }
}
