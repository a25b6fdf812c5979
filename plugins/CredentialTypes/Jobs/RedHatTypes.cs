using ContainerGroups.Abstractions;

namespace ContainerGroups.CredentialTypes.Jobs;

/// <summary>Services of Red Hat.</summary>
internal static class RedHatTypes
{
    public static IEnumerable<ServiceType> All => [Controller, Satellite, Virtualization];

    private static ServiceType Controller => new()
    {
        Namespace = "controller",
        Name = "Red Hat Ansible Automation Platform",
        Description = "Another automation controller, this server included, that tasks of a job speak to.",
        Inputs =
        [
            new() { Id = "host", Label = "Red Hat Ansible Automation Platform", Required = true, HelpText = "The controller's URL." },
            new() { Id = "username", Label = "Username", HelpText = "Not together with a token." },
            new() { Id = "password", Label = "Password", Secret = true },
            new() { Id = "oauth_token", Label = "OAuth Token", Secret = true, HelpText = "Not together with a name and a password." },
            new() { Id = "verify_ssl", Label = "Verify SSL", Type = InputFieldType.Boolean },
        ],
        Injection = inputs => new JobInjection
        {
            Environment = ServiceType.Variables(
                inputs,
                [.. new[] { "TOWER", "CONTROLLER" }.SelectMany(prefix => new[]
                {
                    (prefix + "_HOST", "host"), (prefix + "_USERNAME", "username"), (prefix + "_PASSWORD", "password"),
                    (prefix + "_OAUTH_TOKEN", "oauth_token"), (prefix + "_VERIFY_SSL", "verify_ssl"),
                })]),
        },
    };

    private static ServiceType Satellite => new()
    {
        Namespace = "satellite6",
        Name = "Red Hat Satellite 6",
        Description = "A Satellite or Foreman server.",
        Inputs =
        [
            new() { Id = "host", Label = "Satellite 6 URL", Required = true, HelpText = "Such as https://satellite.example.com." },
            new() { Id = "username", Label = "Username", Required = true },
            new() { Id = "password", Label = "Password", Secret = true, Required = true },
        ],
        // The inventory plugin of theforeman.foreman reads the first three, its modules the others.
        Injection = inputs => new JobInjection
        {
            Environment = ServiceType.Variables(
                inputs,
                ("FOREMAN_SERVER", "host"),
                ("FOREMAN_USER", "username"),
                ("FOREMAN_PASSWORD", "password"),
                ("FOREMAN_SERVER_URL", "host"),
                ("FOREMAN_USERNAME", "username")),
        },
    };

    private static ServiceType Virtualization => new()
    {
        Namespace = "rhv",
        Name = "Red Hat Virtualization",
        Description = "A manager of Red Hat Virtualization or oVirt.",
        Inputs =
        [
            new() { Id = "host", Label = "Host (Authentication URL)", Required = true },
            new() { Id = "username", Label = "Username", Required = true },
            new() { Id = "password", Label = "Password", Secret = true, Required = true },
            new() { Id = "ca_file", Label = "CA File", HelpText = "The absolute path of a file with certificates in the job's image." },
        ],
        // The inventory plugin reads the file, the modules read the variables.
        Injection = inputs =>
        {
            var environment = ServiceType.Variables(inputs, ("OVIRT_URL", "host"), ("OVIRT_USERNAME", "username"), ("OVIRT_PASSWORD", "password"));
            environment["OVIRT_INI_PATH"] = ServiceType.PathOf("ovirt");
            var lines = ServiceType.Variables(inputs, ("ovirt_url", "host"), ("ovirt_username", "username"), ("ovirt_password", "password"), ("ovirt_ca_file", "ca_file"));
            var file = "[ovirt]\n" + string.Concat(lines.Select(line => $"{line.Key}={line.Value}\n"));
            return new JobInjection { Environment = environment, Files = new Dictionary<string, string> { ["ovirt"] = file } };
        },
    };
}
