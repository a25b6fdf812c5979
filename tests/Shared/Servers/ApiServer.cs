using System.Net.Http.Headers;
using System.Text;
using ContainerGroups.Host;
using ContainerGroups.Host.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Tests.Shared;

/// <summary>The whole server on a real port and a database of its own, with a client that is its administrator.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    public const string Password = "s3cret:with colon";

    public const string Hostname = "first.example.org";

    private readonly TestDatabase _database;
    private WebApplication _app;

    private ApiServer(TestDatabase database, WebApplication app)
    {
        _database = database;
        _app = app;
        Address = AddressOf(app);
        Admin = ClientFor("admin", Password);
    }

    public Uri Address { get; private set; }

    public ApiClient Admin { get; }

    public IServiceProvider Services => _app.Services;

    public TestDatabase Database => _database;

    public static async Task<ApiServer> StartAsync(
        DatabaseKind kind, Action<WebApplicationBuilder>? overrides = null, params (string Key, string Value)[] settings)
    {
        var database = await TestDatabase.CreateAsync(kind);
        try
        {
            return new ApiServer(database, await StartHostAsync(database, database.DataPath, Hostname, overrides, settings));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>A host on a database; several may share one on PostgreSQL, each with a data directory and a name of its own.</summary>
    public static async Task<WebApplication> StartHostAsync(
        TestDatabase database, string dataPath, string hostname, Action<WebApplicationBuilder>? overrides = null, params (string Key, string Value)[] settings)
    {
        var args = database.Settings.Where(setting => setting.Value is not null && setting.Key != ConfigurationKeys.Data)
            .Select(setting => (setting.Key, Value: setting.Value!))
            .Concat(
            [
                (ConfigurationKeys.Data, dataPath), (ConfigurationKeys.Urls, "http://127.0.0.1:0"), (ConfigurationKeys.Instance, hostname),
                // Rows of a fixed past must stay: retention begins while they are being written.
                ("Retention:JobDays", "0"), ("Retention:ActivityDays", "0"),
                ("AdminPassword", Password), ("Plugins:Directories:0", TestPlugins.Directory("FakeBackend")), .. settings,
            ])
            .SelectMany(setting => new[] { "--" + setting.Item1, setting.Item2 });
        var app = HostApp.Build([.. args], overrides);
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the host and starts another in its place; the client is the administrator's from then on.</summary>
    public async Task<ApiClient> RestartAsync(params (string Key, string Value)[] settings)
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = await StartHostAsync(_database, _database.DataPath, Hostname, null, settings);
        Address = AddressOf(_app);
        return ClientFor("admin", Password);
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public ApiClient ClientFor(string username, string password) =>
        Client(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))));

    public ApiClient Client(AuthenticationHeaderValue? authorization)
    {
        // The path must arrive as it was written.
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = authorization;
        return new ApiClient(http);
    }

    public async Task InsertAsync(object row)
    {
        await using var db = _database.Open();
        db.Add(row);
        await db.SaveChangesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }
}
