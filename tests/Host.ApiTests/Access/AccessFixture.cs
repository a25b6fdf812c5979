using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Host.ApiTests.Access;

/// <summary>Tests with one client for each kind of caller.</summary>
internal abstract class AccessFixture(DatabaseKind kind) : ApiFixture(kind)
{
    private const string Password = "every-caller's-own";

    protected IReadOnlyDictionary<string, long> CallerIds { get; private set; } = null!;

    protected IReadOnlyDictionary<string, ApiClient> Clients { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task AddCallersAsync()
    {
        CallerIds = await AccessWorld.AddCallersAsync(Server, Server.Services.GetRequiredService<PasswordHashes>().Hash(Password));
        Clients = AccessWorld.Callers.ToDictionary(
            caller => caller.Name, caller => caller.Name == "anonymous" ? Server.Client(null) : Server.ClientFor(caller.Name, Password));
    }

    [OneTimeTearDown]
    public void DisposeClients()
    {
        foreach (var client in Clients?.Values ?? [])
        {
            client.Dispose();
        }
    }

    protected Task<AccessWorld> MakeWorldAsync() => AccessWorld.MakeAsync(Server, CallerIds);
}
