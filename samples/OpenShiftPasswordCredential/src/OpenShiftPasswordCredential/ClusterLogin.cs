using ContainerGroups.Abstractions;

namespace OpenShiftPasswordCredential;

/// <summary>Where to log in and as whom: each value from its field, else from the kubeconfig.</summary>
internal sealed record ClusterLogin
{
    public string? Host { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    public bool VerifyCertificate { get; init; }

    public string? Authority { get; init; }

    /// <summary>What is needed and not there, in words; null when all is.</summary>
    public string? Missing => string.IsNullOrEmpty(Host) ? "API address"
        : string.IsNullOrEmpty(Username) ? "user name"
        : string.IsNullOrEmpty(Password) ? "password"
        : null;

    public static ClusterLogin Of(InputValues inputs, List<InputError> errors)
    {
        var file = new Kubeconfig();
        if (inputs.GetString("kubeconfig") is { Length: > 0 } text && !Kubeconfig.TryRead(text, out file, out var fault))
        {
            errors.Add(new InputError { Field = "kubeconfig", Message = fault });
        }

        return new ClusterLogin
        {
            Host = Given(inputs, "host") ?? file.Server,
            Username = Given(inputs, "username") ?? file.Username,
            Password = Given(inputs, "password") ?? file.Password,
            VerifyCertificate = inputs.GetBoolean("verify_ssl") ?? true,
            Authority = Given(inputs, "ssl_ca_cert") ?? file.Authority,
        };
    }

    /// <summary>The password is in none of it.</summary>
    public override string ToString() => $"{Username} at {Host}";

    private static string? Given(InputValues inputs, string id) => inputs.GetString(id) is { Length: > 0 } value ? value : null;
}
