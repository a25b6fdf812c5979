using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>AWX's managed types of clouds and other services, in one job that has a credential of each.</summary>
internal sealed class ServiceCredentialTests
{
    private const string Key = "-----BEGIN RSA PRIVATE KEY-----\nbm90IGEga2V5\n-----END RSA PRIVATE KEY-----\n";

    // What is secret is told apart by the field's name, so that a value in the wrong place is noticed.
    private static readonly (string Namespace, string Name, Dictionary<string, object> Inputs)[] Types =
    [
        ("aws", "Amazon Web Services", Of("aws", "username", "password", "security_token")),
        ("azure_rm", "Microsoft Azure Resource Manager", Of("azure", "subscription", "client", "secret", "tenant", "cloud_environment")),
        ("gce", "Google Compute Engine", Of("gce", "username", "project").With("ssh_key_data", Key)),
        ("openstack", "OpenStack", Of("openstack", "username", "password", "host", "project", "domain", "region").With("verify_ssl", false)),
        ("terraform", "Terraform backend configuration", Of("terraform", "configuration")),
        ("vmware", "VMware vCenter", Of("vmware", "host", "username", "password")),
        ("controller", "Red Hat Ansible Automation Platform", Of("controller", "host", "oauth_token").With("verify_ssl", true)),
        ("satellite6", "Red Hat Satellite 6", Of("satellite", "host", "username", "password")),
        ("rhv", "Red Hat Virtualization", Of("rhv", "host", "username", "password", "ca_file")),
        ("net", "Network", Of("net", "username", "password", "authorize_password").With("authorize", true).With("ssh_key_data", Key)),
    ];

    private static readonly Dictionary<string, string> Expected = new()
    {
        ["AWS_ACCESS_KEY_ID"] = "aws-username",
        ["AWS_SECRET_ACCESS_KEY"] = "aws-password",
        ["AWS_SECURITY_TOKEN"] = "aws-security_token",
        ["AWS_SESSION_TOKEN"] = "aws-security_token",
        ["AZURE_SUBSCRIPTION_ID"] = "azure-subscription",
        ["AZURE_CLIENT_ID"] = "azure-client",
        ["AZURE_SECRET"] = "azure-secret",
        ["AZURE_TENANT"] = "azure-tenant",
        ["AZURE_CLOUD_ENVIRONMENT"] = "azure-cloud_environment",
        ["AZURE_AD_USER"] = "",
        ["GCE_EMAIL"] = "gce-username",
        ["GCE_PROJECT"] = "gce-project",
        ["GCP_PROJECT"] = "gce-project",
        ["GCP_AUTH_KIND"] = "serviceaccount",
        ["GCP_SERVICE_ACCOUNT_FILE:private_key"] = Key,
        ["GCE_CREDENTIALS_FILE_PATH:client_email"] = "gce-username",
        ["GOOGLE_APPLICATION_CREDENTIALS:project_id"] = "gce-project",
        ["OS_CLIENT_CONFIG_FILE:clouds.devstack.auth.auth_url"] = "openstack-host",
        ["OS_CLIENT_CONFIG_FILE:clouds.devstack.auth.password"] = "openstack-password",
        ["OS_CLIENT_CONFIG_FILE:clouds.devstack.auth.project_name"] = "openstack-project",
        ["OS_CLIENT_CONFIG_FILE:clouds.devstack.auth.domain_name"] = "openstack-domain",
        ["OS_CLIENT_CONFIG_FILE:clouds.devstack.verify"] = "False",
        ["OS_CLIENT_CONFIG_FILE:clouds.devstack.region_name"] = "openstack-region",
        ["TF_BACKEND_CONFIG_FILE:"] = "terraform-configuration",
        ["GOOGLE_BACKEND_CREDENTIALS"] = "",
        ["VMWARE_HOST"] = "vmware-host",
        ["VMWARE_USER"] = "vmware-username",
        ["VMWARE_PASSWORD"] = "vmware-password",
        ["TOWER_HOST"] = "controller-host",
        ["CONTROLLER_OAUTH_TOKEN"] = "controller-oauth_token",
        ["CONTROLLER_VERIFY_SSL"] = "True",
        ["TOWER_USERNAME"] = "",
        ["FOREMAN_SERVER_URL"] = "satellite-host",
        ["FOREMAN_USER"] = "satellite-username",
        ["FOREMAN_PASSWORD"] = "satellite-password",
        ["OVIRT_URL"] = "rhv-host",
        ["OVIRT_PASSWORD"] = "rhv-password",
        ["OVIRT_INI_PATH:"] = "[ovirt]\novirt_url=rhv-host\novirt_username=rhv-username\novirt_password=rhv-password\novirt_ca_file=rhv-ca_file\n",
        ["ANSIBLE_NET_USERNAME"] = "net-username",
        ["ANSIBLE_NET_PASSWORD"] = "net-password",
        ["ANSIBLE_NET_AUTHORIZE"] = "1",
        ["ANSIBLE_NET_AUTH_PASS"] = "net-authorize_password",
        ["ANSIBLE_NET_SSH_KEYFILE:"] = Key,
    };

    // "VARIABLE" is its value, "VARIABLE:" the text of the file that it names, "VARIABLE:a.b" what stands there in that file.
    private const string Compare = """
        import hashlib, json, os, sys
        def found(what):
            variable, colon, path = what.partition(':')
            if not colon:
                return os.environ.get(variable, '')
            text = open(os.environ[variable], newline='').read()
            if not path:
                return text
            value = json.loads(text)
            for name in path.split('.'):
                value = value[name]
            return str(value)
        wrong = [what for what, digest in json.loads(sys.argv[1]).items() if hashlib.sha256(found(what).encode()).hexdigest() != digest]
        print('as expected' if not wrong else wrong)
        """;

    private ApiServer _server = null!;
    private CredentialApi _credentials = null!;

    private ApiClient Admin => _server.Admin;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ApiServer.StartAsync(DatabaseKind.Sqlite, null, ("Plugins:Directories:1", BuiltInPlugins.Directory));
        _credentials = new CredentialApi(Admin);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task AJobWithOneOfEach_HasItsVariablesAndFiles_AndShowsNoSecret()
    {
        var credentials = new List<long>();
        foreach (var (@namespace, _, inputs) in Types)
        {
            credentials.Add(await _credentials.MakeAsync(@namespace, inputs));
        }

        var digests = JsonSerializer.Serialize(Expected.ToDictionary(pair => pair.Key, pair => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pair.Value)))));
        var body = new { name = "services", job_type = "command", command = (string[])["python3", "-c", Compare, digests], credentials };
        var (job, text) = await _credentials.EndedAsync(await Admin.CreateAsync("jobs/", JsonSerializer.Serialize(body)));

        Assert.That(((string?)job["status"], text.Trim()), Is.EqualTo(("successful", "as expected")), job.Text);
        Assert.That(((string?)job["job_env"]!["VMWARE_HOST"], (string?)job["job_env"]!["VMWARE_PASSWORD"]), Is.EqualTo(("vmware-host", "**********")));
        Assert.That(SecretForms.FoundIn(job.Text, ["aws-password", "azure-secret", "rhv-password", "net-authorize_password", "controller-oauth_token", "openstack-password"]), Is.Empty);
    }

    [Test]
    public async Task Types_AreFoundByTheirNames()
    {
        foreach (var (@namespace, name, _) in Types)
        {
            var found = await Admin.GetAsync($"credential_types/?name={Uri.EscapeDataString(name)}");
            Assert.That(found.Json["results"]!.AsArray().Select(type => ((string)type!["namespace"]!, (bool)type["managed"]!)), Is.EqualTo(new[] { (@namespace, true) }), name);
        }
    }

    [TestCase("aws", """{"username":"a\nb","password":"p"}""", "username", "The value must be one line.")]
    [TestCase("rhv", """{"host":"h","username":"u","password":"p\novirt_url=other"}""", "password", "The value must be one line.")]
    [TestCase("net", """{"username":"u","ssh_key_unlock":"p"}""", "ssh_key_unlock", "store the key without one")]
    public async Task BadValue_IsRefused(string @namespace, string inputs, string field, string message)
    {
        var type = await _credentials.TypeAsync(@namespace);

        var answer = await Admin.PostAsync("credentials/", $$"""{"name":"{{Guid.NewGuid():N}}","organization":1,"credential_type":{{type}},"inputs":{{inputs}}}""");

        Assert.That((int)answer.Status, Is.EqualTo(400), answer.Text);
        Assert.That(answer.Json["inputs"]!.ToJsonString(), Does.Contain(field).And.Contain(message));
    }

    private static Dictionary<string, object> Of(string prefix, params string[] fields) => fields.ToDictionary(field => field, object (field) => $"{prefix}-{field}");
}

file static class Inputs
{
    public static Dictionary<string, object> With(this Dictionary<string, object> inputs, string field, object value) => new(inputs) { [field] = value };
}
