using Microsoft.AspNetCore.Builder;

namespace ContainerGroups.Tests.Shared;

/// <summary>Tests against one server per fixture, on SQLite and on PostgreSQL.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal abstract class ApiFixture(DatabaseKind kind)
{
    protected DatabaseKind Kind => kind;

    protected ApiServer Server { get; private set; } = null!;

    protected ApiClient Admin => Server.Admin;

    [OneTimeSetUp]
    public async Task StartAsync() => Server = await ApiServer.StartAsync(kind, Override);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    protected virtual void Override(WebApplicationBuilder builder)
    {
    }

    /// <summary>A name that no other test of the fixture has.</summary>
    protected static string Fresh(string prefix) => $"{prefix} {Guid.NewGuid():N}";
}
