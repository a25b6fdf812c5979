using System.Net.Http.Headers;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>A whole host in this process. It can be stopped as an operator stops it, and killed.</summary>
internal sealed class DispatchHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _hook;
    private bool _gone;

    private DispatchHost(WebApplication app, string name, string hook, Fuse fuse, HostLog log)
    {
        (_app, Name, _hook, Fuse, Log) = (app, name, hook, fuse, log);
    }

    public string Name { get; }

    public bool Lives => !_gone && !Fuse.Died.IsCompleted;

    public Fuse Fuse { get; }

    public HostLog Log { get; }

    /// <summary>The administrator at this host's API.</summary>
    public ApiClient Admin()
    {
        var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("admin:password"u8));
        return new ApiClient(http);
    }

    /// <param name="name">The hostname of its instance.</param>
    /// <param name="settings">Its configuration.</param>
    /// <param name="clock">Its time.</param>
    /// <param name="calls">Notes what it asks of the fake backend.</param>
    /// <param name="configure">Anything else, of EF.</param>
    public static async Task<DispatchHost> StartAsync(
        string name, IReadOnlyDictionary<string, string?> settings, TimeProvider clock, BackendCalls calls,
        Action<DbContextOptionsBuilder>? configure = null)
    {
        var fuse = new Fuse();
        var log = new HostLog(name);
        var hook = $"test-{Guid.NewGuid():N}";
        AppDomain.CurrentDomain.SetData(hook, (string member, string environment, bool ended) =>
        {
            fuse.Step($"{(ended ? "after" : "before")} {member}");
            return calls.NoteAsync(name, member, environment, ended);
        });
        var arguments = settings.Append(new("Instance", name)).Append(new("Plugins:Settings:fake:hook", hook))
            .Where(s => s.Value is not null).Select(s => $"--{s.Key}={s.Value}");
        var app = HostApp.Build([.. arguments], builder =>
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(clock));
            builder.Services.ConfigureDbContext<AppDb>(options =>
            {
                options.AddInterceptors(fuse);
                configure?.Invoke(options);
            });
            builder.Logging.ClearProviders().AddProvider(log);
        });
        await app.StartAsync();
        return new DispatchHost(app, name, hook, fuse, log);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>As <c>kill -9</c>: nothing of what it is doing has an effect any more.</summary>
    public Task KillAsync()
    {
        Fuse.Blow();
        return StopAsync();
    }

    public async Task StopAsync()
    {
        if (!_gone)
        {
            _gone = true;
            await _app.StopAsync();
            await _app.DisposeAsync();
            AppDomain.CurrentDomain.SetData(_hook, null);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
