using ContainerGroups.Abstractions;
using ContainerGroups.Plugins.Testing;

namespace AcmePlugin.Tests;

/// <summary>The type keeps what every credential type has to keep; what is its own comes below.</summary>
[TestFixture]
public sealed class AcmeTypeCredentialTests : CredentialTypeContract
{
    // Nobody listens there: no test leaves this machine.
    protected override IReadOnlyDictionary<string, object?> GoodInputs { get; } =
        new Dictionary<string, object?> { ["host"] = "https://127.0.0.1:1", ["token"] = "abc" };

    protected override IEnumerable<(string Field, object? Value)> BadValues => [("host", "no address"), ("token", "a b")];

    protected override ICredentialType CreateType() => new AcmeTypeCredential();

    [Test]
    public void Job_GetsAddressAndToken()
    {
        var injection = ((IJobInjector)Type).Inject(new InputValues(GoodInputs));
        Assert.That(injection.Environment["ACME_TOKEN"], Is.EqualTo("abc"));
    }
}
