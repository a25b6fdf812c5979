using System.Net.Http.Headers;
using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Host.ApiTests.Awx;

/// <summary>Every row of AWX's API that names a request and an answer, on one server; <c>docs/awx-coverage.md</c> lists them.</summary>
internal sealed class AwxTableTests(DatabaseKind kind) : ApiFixture(kind)
{
    private const string Password = "every-caller's-own";

    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private Dictionary<string, ApiClient> _clients = null!;

    private static IEnumerable<AwxRow> Rows => AwxTable.Rows.Where(row => row.Name != AwxTable.Setup);

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        await AwxSeed.AddAsync(Server, Server.Services.GetRequiredService<PasswordHashes>().Hash(Password), _known);
        _clients = new Dictionary<string, ApiClient>(StringComparer.Ordinal) { [""] = Admin, ["anonymous"] = Server.Client(null) };
        foreach (var caller in AwxSeed.Callers)
        {
            _clients[caller] = Server.ClientFor(caller, Password);
        }

        var token = (await Admin.PostAsync("tokens/", """{"scope":"read"}"""))["token"]!.ToString();
        _clients["reader"] = Server.Client(new AuthenticationHeaderValue("Bearer", token));
        foreach (var row in AwxTable.Rows.Where(row => row.Name == AwxTable.Setup))
        {
            var script = new AwxScript(_clients, _known);
            await script.RunAsync(row);
            foreach (var (name, value) in script.Kept)
            {
                _known[name] = value;
            }
        }

        await AwxEvents.AddAsync(Server, _known);
        await AwxCommands.AddAsync(Server, _known);
    }

    [OneTimeTearDown]
    public void DisposeClients()
    {
        foreach (var client in _clients?.Where(pair => pair.Key.Length > 0).Select(pair => pair.Value) ?? [])
        {
            client.Dispose();
        }
    }

    protected override void Override(WebApplicationBuilder builder) =>
        builder.Configuration.AddInMemoryCollection([new("Plugins:Directories:1", BuiltInPlugins.Directory)]);

    [TestCaseSource(nameof(Rows))]
    public Task Row_IsAnsweredAsWritten(AwxRow row) => new AwxScript(_clients, _known).RunAsync(row);
}
