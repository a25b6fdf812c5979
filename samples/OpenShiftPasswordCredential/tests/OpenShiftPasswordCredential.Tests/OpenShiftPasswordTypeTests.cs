using ContainerGroups.Abstractions;
using ContainerGroups.Plugins.Testing;

namespace OpenShiftPasswordCredential.Tests;

/// <summary>The kit's tests, and what is the type's own.</summary>
[TestFixture]
internal sealed class OpenShiftPasswordTypeTests : CredentialTypeContract
{
    private const string File = """
        apiVersion: v1
        kind: Config
        current-context: dev
        contexts:
        - name: dev
          context: { cluster: one, user: jane }
        clusters:
        - name: one
          cluster: { server: "https://127.0.0.1:1" }
        users:
        - name: jane
          user: { username: jane, password: correct horse }
        """;

    protected override IReadOnlyDictionary<string, object?> GoodInputs { get; } = new Dictionary<string, object?>
    {
        ["host"] = "https://127.0.0.1:1",
        ["username"] = "jane",
        ["password"] = "correct horse",
    };

    protected override IEnumerable<(string Field, object? Value)> BadValues =>
    [
        ("host", "api.example.com"),
        ("username", "jane:doe"),
        ("password", "two\nlines"),
        ("ssl_ca_cert", "no certificate"),
        ("kubeconfig", "[unclosed"),
        ("kubeconfig", "current-context: nowhere"),
    ];

    protected override ICredentialType CreateType() => new OpenShiftPasswordType();

    [Test]
    public async Task Kubeconfig_GivesWhatNoFieldGives()
    {
        var inputs = new InputValues([KeyValuePair.Create("kubeconfig", (object?)File)]);

        Assert.That(Type.Validate(inputs), Is.Empty);
        var test = await Type.TestConnectionAsync(inputs, CancellationToken.None);
        Assert.That(test.Reachable, Is.False);
        Assert.That(test.Message, Does.StartWith("https://127.0.0.1:1 can't be reached"));
    }

    [Test]
    public async Task NothingGiven_TellsWhatIsMissing()
    {
        var test = await Type.TestConnectionAsync(InputValues.Empty, CancellationToken.None);
        Assert.That(test.Message, Does.Contain("no API address"));
    }

    [Test]
    public async Task YamlLibrary_IsThePluginsOwn()
    {
        var test = await Type.TestConnectionAsync(new InputValues(GoodInputs), CancellationToken.None);
        Assert.That(test.Details["yaml_version"], Is.EqualTo("13.0.0.0"));
    }

    [TestCase("sunny")]
    [TestCase("- a\n- b")]
    [TestCase("a: b\n---\nc: d")]
    public void KubeconfigThatIsNone_IsToldWithoutItsContent(string text)
    {
        var errors = Type.Validate(new InputValues([KeyValuePair.Create("kubeconfig", (object?)text)]));
        Assert.That(errors.Single().Field, Is.EqualTo("kubeconfig"));
        Assert.That(errors.Single().Message, Does.Not.Contain(text));
    }
}
