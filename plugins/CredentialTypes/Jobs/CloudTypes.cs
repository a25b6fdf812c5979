using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Abstractions;

namespace ContainerGroups.CredentialTypes.Jobs;

/// <summary>The accounts of clouds, and of what manages them.</summary>
internal static class CloudTypes
{
    private const string File = "account";

    // As Ansible writes JSON: a secret that a task prints out of the file is known in this form, and masked.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<ServiceType> All => [Amazon, Azure, Google, OpenStack, Terraform, VMware];

    private static ServiceType Amazon => new()
    {
        Namespace = "aws",
        Name = "Amazon Web Services",
        Description = "An access key of Amazon Web Services.",
        Inputs =
        [
            new() { Id = "username", Label = "Access Key", Required = true },
            new() { Id = "password", Label = "Secret Key", Secret = true, Required = true },
            new() { Id = "security_token", Label = "STS Token", Secret = true, HelpText = "The session token of temporary credentials." },
        ],
        Injection = inputs => new JobInjection
        {
            Environment = ServiceType.Variables(
                inputs,
                ("AWS_ACCESS_KEY_ID", "username"),
                ("AWS_SECRET_ACCESS_KEY", "password"),
                ("AWS_SECURITY_TOKEN", "security_token"),
                ("AWS_SESSION_TOKEN", "security_token")),
        },
    };

    private static ServiceType Azure => new()
    {
        Namespace = "azure_rm",
        Name = "Microsoft Azure Resource Manager",
        Description = "A subscription of Microsoft Azure, by a service principal or by a user.",
        Inputs =
        [
            new() { Id = "subscription", Label = "Subscription ID", Required = true },
            new() { Id = "username", Label = "Username" },
            new() { Id = "password", Label = "Password", Secret = true },
            new() { Id = "client", Label = "Client ID" },
            new() { Id = "secret", Label = "Client Secret", Secret = true },
            new() { Id = "tenant", Label = "Tenant ID" },
            new() { Id = "cloud_environment", Label = "Azure Cloud Environment", HelpText = "The name of a cloud that is not Azure's public one." },
        ],
        // The modules take the first of both ways that is complete: one of them is given only.
        Injection = inputs => new JobInjection
        {
            Environment = inputs.GetString("client") is { Length: > 0 }
                ? ServiceType.Variables(
                    inputs,
                    ("AZURE_SUBSCRIPTION_ID", "subscription"),
                    ("AZURE_CLIENT_ID", "client"),
                    ("AZURE_SECRET", "secret"),
                    ("AZURE_TENANT", "tenant"),
                    ("AZURE_CLOUD_ENVIRONMENT", "cloud_environment"))
                : ServiceType.Variables(
                    inputs,
                    ("AZURE_SUBSCRIPTION_ID", "subscription"),
                    ("AZURE_AD_USER", "username"),
                    ("AZURE_PASSWORD", "password"),
                    ("AZURE_CLOUD_ENVIRONMENT", "cloud_environment")),
        },
    };

    private static ServiceType Google => new()
    {
        Namespace = "gce",
        Name = "Google Compute Engine",
        Description = "A service account of Google Cloud.",
        Inputs =
        [
            new() { Id = "username", Label = "Service Account Email Address", Required = true },
            new() { Id = "project", Label = "Project", HelpText = "The project's id." },
            new()
            {
                Id = "ssh_key_data",
                Label = "RSA Private Key",
                Format = "ssh_private_key",
                Secret = true,
                Multiline = true,
                Required = true,
                HelpText = "The private key of the service account, as PEM.",
            },
        ],
        Injection = GoogleInjection,
    };

    private static ServiceType OpenStack => new()
    {
        Namespace = "openstack",
        Name = "OpenStack",
        Description = "A project of an OpenStack cloud.",
        Inputs =
        [
            new() { Id = "username", Label = "Username", Required = true },
            new() { Id = "password", Label = "Password (API Key)", Secret = true, Required = true },
            new() { Id = "host", Label = "Host (Authentication URL)", Required = true, HelpText = "The URL of Keystone, such as https://cloud.example.com:5000/v3." },
            new() { Id = "project", Label = "Project (Tenant Name)", Required = true },
            new() { Id = "project_domain_name", Label = "Project (Domain Name)" },
            new() { Id = "domain", Label = "Domain Name", HelpText = "The user's domain, for version 3 of Keystone." },
            new() { Id = "region", Label = "Region Name" },
            new() { Id = "verify_ssl", Label = "Verify SSL", Type = InputFieldType.Boolean, Default = true },
        ],
        Injection = OpenStackInjection,
    };

    private static ServiceType Terraform => new()
    {
        Namespace = "terraform",
        Name = "Terraform backend configuration",
        Description = "Where Terraform keeps its state.",
        Inputs =
        [
            new() { Id = "configuration", Label = "Backend configuration", Secret = true, Multiline = true, Required = true, HelpText = "What stands in Terraform's backend block." },
            new() { Id = "gce_credentials", Label = "Google Cloud Platform account credentials", Secret = true, Multiline = true },
        ],
        Injection = TerraformInjection,
    };

    private static ServiceType VMware => new()
    {
        Namespace = "vmware",
        Name = "VMware vCenter",
        Description = "A vCenter.",
        Inputs =
        [
            new() { Id = "host", Label = "VCenter Host", Required = true },
            new() { Id = "username", Label = "Username", Required = true },
            new() { Id = "password", Label = "Password", Secret = true, Required = true },
        ],
        Injection = inputs => new JobInjection
        {
            Environment = ServiceType.Variables(inputs, ("VMWARE_HOST", "host"), ("VMWARE_USER", "username"), ("VMWARE_PASSWORD", "password")),
        },
    };

    private static JobInjection GoogleInjection(InputValues inputs)
    {
        var project = inputs.GetString("project") ?? "";
        var account = new Dictionary<string, string>
        {
            ["type"] = "service_account",
            ["project_id"] = project,
            ["client_email"] = inputs.GetString("username") ?? "",
            ["private_key"] = inputs.GetString("ssh_key_data") ?? "",
            ["token_uri"] = "https://oauth2.googleapis.com/token",
        };
        var environment = ServiceType.Variables(inputs, ("GCE_EMAIL", "username"), ("GCE_PROJECT", "project"), ("GCP_PROJECT", "project"));
        environment["GCP_AUTH_KIND"] = "serviceaccount";
        foreach (var variable in new[] { "GCE_CREDENTIALS_FILE_PATH", "GCP_SERVICE_ACCOUNT_FILE", "GOOGLE_APPLICATION_CREDENTIALS" })
        {
            environment[variable] = ServiceType.PathOf(File);
        }

        return new JobInjection { Environment = environment, Files = new Dictionary<string, string> { [File] = JsonSerializer.Serialize(account, Plain) } };
    }

    /// <summary>JSON is YAML too, and needs no rules for what to quote.</summary>
    private static JobInjection OpenStackInjection(InputValues inputs)
    {
        var login = new JsonObject();
        foreach (var (name, field) in new[]
        {
            ("auth_url", "host"), ("username", "username"), ("password", "password"), ("project_name", "project"),
            ("project_domain_name", "project_domain_name"), ("domain_name", "domain"),
        })
        {
            if (inputs.GetString(field) is { Length: > 0 } value)
            {
                login[name] = value;
            }
        }

        var cloud = new JsonObject { ["auth"] = login, ["verify"] = inputs.GetBoolean("verify_ssl") ?? true };
        if (inputs.GetString("region") is { Length: > 0 } region)
        {
            cloud["region_name"] = region;
        }

        return new JobInjection
        {
            Environment = new Dictionary<string, string> { ["OS_CLIENT_CONFIG_FILE"] = ServiceType.PathOf(File) },
            Files = new Dictionary<string, string> { [File] = new JsonObject { ["clouds"] = new JsonObject { ["devstack"] = cloud } }.ToJsonString(Plain) },
        };
    }

    private static JobInjection TerraformInjection(InputValues inputs)
    {
        var environment = new Dictionary<string, string>();
        var files = new Dictionary<string, string>();
        foreach (var (variable, field) in new[] { ("TF_BACKEND_CONFIG_FILE", "configuration"), ("GOOGLE_BACKEND_CREDENTIALS", "gce_credentials") })
        {
            if (inputs.GetString(field) is { Length: > 0 } content)
            {
                (environment[variable], files[field]) = (ServiceType.PathOf(field), content);
            }
        }

        return new JobInjection { Environment = environment, Files = files };
    }
}
