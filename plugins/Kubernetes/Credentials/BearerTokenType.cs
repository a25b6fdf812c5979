using ContainerGroups.Abstractions;

namespace ContainerGroups.Kubernetes.Credentials;

/// <summary>AWX's credential for a cluster: where its API is, and the token of a service account.</summary>
internal sealed class BearerTokenType(TimeProvider clock) : ICredentialType, IJobInjector
{
    public const string Host = "host";
    public const string Token = "bearer_token";
    public const string VerifySsl = "verify_ssl";
    public const string Authority = "ssl_ca_cert";

    private const string AuthorityFile = "ssl_ca_cert";

    public string Namespace => "kubernetes_bearer_token";

    public string Kind => "kubernetes";

    public string Name => "OpenShift or Kubernetes API Bearer Token";

    public string Description => "The API of a Kubernetes or OpenShift cluster, and the token of a service account in it.";

    public IReadOnlyList<InputField> Inputs { get; } =
    [
        new()
        {
            Id = Host,
            Label = "OpenShift or Kubernetes API Endpoint",
            Required = true,
            HelpText = "The OpenShift or Kubernetes API Endpoint to authenticate with.",
        },
        new() { Id = Token, Label = "API authentication bearer token", Secret = true, Required = true },
        new() { Id = VerifySsl, Label = "Verify SSL", Type = InputFieldType.Boolean, Default = true },
        new() { Id = Authority, Label = "Certificate Authority data", Secret = true, Multiline = true },
    ];

    public IReadOnlyList<InputError> Validate(InputValues inputs) => BearerTokenRules.Check(inputs);

    public Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken) =>
        ClusterTest.RunAsync(inputs, clock, cancellationToken);

    public JobInjection Inject(InputValues inputs)
    {
        var verify = inputs.GetBoolean(VerifySsl) ?? true;
        var environment = new Dictionary<string, string>
        {
            ["K8S_AUTH_HOST"] = inputs.GetString(Host) ?? "",
            ["K8S_AUTH_API_KEY"] = inputs.GetString(Token) ?? "",
            ["K8S_AUTH_VERIFY_SSL"] = verify ? "True" : "False",
        };
        if (!verify || inputs.GetString(Authority) is not { Length: > 0 } authority)
        {
            return new JobInjection { Environment = environment };
        }

        environment["K8S_AUTH_SSL_CA_CERT"] = $"{{{{file:{AuthorityFile}}}}}";
        return new JobInjection { Environment = environment, Files = new Dictionary<string, string> { [AuthorityFile] = authority } };
    }
}
