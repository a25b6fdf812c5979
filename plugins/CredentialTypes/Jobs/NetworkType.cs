using ContainerGroups.Abstractions;

namespace ContainerGroups.CredentialTypes.Jobs;

/// <summary>How modules for network devices log in, and become privileged there.</summary>
internal static class NetworkType
{
    private const string Unlock = "ssh_key_unlock";
    private const string Key = "ssh_key";

    public static ServiceType Create() => new()
    {
        Namespace = "net",
        Kind = "net",
        Name = "Network",
        Description = "How a playbook logs in to network devices, and becomes privileged there.",
        Inputs =
        [
            new() { Id = "username", Label = "Username", Required = true },
            new() { Id = "password", Label = "Password", Secret = true },
            new() { Id = "ssh_key_data", Label = "SSH Private Key", Format = "ssh_private_key", Secret = true, Multiline = true },
            new() { Id = Unlock, Label = "Private Key Passphrase", Secret = true },
            new() { Id = "authorize", Label = "Authorize", Type = InputFieldType.Boolean },
            new() { Id = "authorize_password", Label = "Authorize Password", Secret = true },
        ],
        Injection = Inject,
        Rules = Check,
    };

    private static IEnumerable<InputError> Check(InputValues inputs)
    {
        if (inputs.GetString(Unlock) is { Length: > 0 })
        {
            yield return new InputError { Field = Unlock, Message = "Modules for network devices can't open a key with a passphrase: store the key without one." };
        }

        if (inputs.GetString("authorize_password") is { Length: > 0 } && inputs.GetBoolean("authorize") != true)
        {
            yield return new InputError { Field = "authorize_password", Message = "cannot be set unless \"authorize\" is set." };
        }
    }

    private static JobInjection Inject(InputValues inputs)
    {
        var mayAuthorize = inputs.GetBoolean("authorize") == true;
        var environment = ServiceType.Variables(inputs, ("ANSIBLE_NET_USERNAME", "username"), ("ANSIBLE_NET_PASSWORD", "password"));
        environment["ANSIBLE_NET_AUTHORIZE"] = mayAuthorize ? "1" : "0";
        if (mayAuthorize && inputs.GetString("authorize_password") is { Length: > 0 } password)
        {
            environment["ANSIBLE_NET_AUTH_PASS"] = password;
        }

        if (inputs.GetString("ssh_key_data") is not { Length: > 0 } key)
        {
            return new JobInjection { Environment = environment };
        }

        environment["ANSIBLE_NET_SSH_KEYFILE"] = ServiceType.PathOf(Key);
        return new JobInjection { Environment = environment, Files = new Dictionary<string, string> { [Key] = key } };
    }
}
