using ContainerGroups.Abstractions;

namespace OpenShiftPasswordCredential;

/// <summary>A user's name and password for an OpenShift cluster, typed in or taken from a kubeconfig.</summary>
internal sealed class OpenShiftPasswordType : ICredentialType
{
    public string Namespace => "openshift_username_password";

    public string Kind => "kubernetes";

    public string Name => "OpenShift Username and Password";

    public string Description => "A user of an OpenShift cluster whose OAuth server takes passwords.";

    public IReadOnlyList<InputField> Inputs { get; } =
    [
        new() { Id = "host", Label = "API address", Format = "url", HelpText = "https://api.example.com:6443; that of the kubeconfig when empty." },
        new() { Id = "username", Label = "User name", HelpText = "That of the kubeconfig's user when empty." },
        new() { Id = "password", Label = "Password", Secret = true },
        new()
        {
            Id = "kubeconfig",
            Label = "kubeconfig",
            Multiline = true,
            Secret = true,
            HelpText = "A kubeconfig whose current context has a server and a user with a name and a password.",
        },
        new() { Id = "verify_ssl", Label = "Verify the certificate", Type = InputFieldType.Boolean, Default = true },
        new() { Id = "ssl_ca_cert", Label = "Certificate authority", Multiline = true, HelpText = "PEM; the system's authorities when empty." },
    ];

    public IReadOnlyList<InputError> Validate(InputValues inputs)
    {
        var errors = new List<InputError>();
        var login = ClusterLogin.Of(inputs, errors);
        if (login.Host is { } host && !(Uri.TryCreate(host, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"))
        {
            errors.Add(Error("host", "The address must begin with https://."));
        }

        if (login.Username?.Any(c => char.IsControl(c) || c == ':') == true)
        {
            errors.Add(Error("username", "The user name must not have colons or control characters."));
        }

        if (login.Password?.Any(char.IsControl) == true)
        {
            errors.Add(Error("password", "The password must not have line breaks or control characters."));
        }

        if (login.Authority is { } pem && !OAuthLogin.IsPem(pem))
        {
            errors.Add(Error("ssl_ca_cert", "The certificate authority must be one or more certificates in PEM."));
        }

        return errors;
    }

    public async Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken)
    {
        var errors = new List<InputError>();
        var login = ClusterLogin.Of(inputs, errors);
        if (errors.Count > 0)
        {
            return new ConnectionTest { Message = string.Join(" ", errors.Select(error => error.Message)) };
        }

        if (login.Missing is { } missing)
        {
            return new ConnectionTest { Message = $"There is no {missing}, neither in its field nor in the kubeconfig." };
        }

        var test = await new OAuthLogin(login).TryAsync(cancellationToken);
        // Which YAML library read the kubeconfig: the plugin's own, whatever the server has.
        var yaml = typeof(YamlDotNet.RepresentationModel.YamlStream).Assembly.GetName().Version!.ToString();
        return test with { Details = new Dictionary<string, string>(test.Details) { ["yaml_version"] = yaml } };
    }

    private static InputError Error(string field, string message) => new() { Field = field, Message = message };
}
