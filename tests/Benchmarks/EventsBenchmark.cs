using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContainerGroups.Benchmarks;

/// <summary>Job events as ansible-runner prints them, parsed and stored on SQLite with their text, beside the bare parse of the same lines.</summary>
internal static class EventsBenchmark
{
    private const int Events = 200_000;
    private const int Epoch = 1;

    public static async Task RunAsync()
    {
        using var directory = new TemporaryDirectory();
        var spool = Spool();
        await using var services = Services(directory.Path);
        var directoryLock = services.GetRequiredService<DataDirectory>();
        await directoryLock.OpenAsync(CancellationToken.None);
        await services.GetRequiredService<DatabaseMigration>().RunAsync(CancellationToken.None);

        var parse = Stopwatch.StartNew();
        var length = 0L;
        foreach (var line in Encoding.UTF8.GetString(spool).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            length += document.RootElement.GetProperty("stdout").GetString()!.Length;
        }

        parse.Stop();
        var job = await NewJobAsync(services);
        var store = Stopwatch.StartNew();
        await using (var output = await services.GetRequiredService<JobOutputs>().OpenAsync(job, Epoch, [], CancellationToken.None))
        {
            foreach (var block in spool.Chunk(64 * 1024))
            {
                await output.AppendAsync(block, CancellationToken.None);
            }

            await output.CompleteAsync(CancellationToken.None);
        }

        store.Stop();
        await using var db = await services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        var stored = await db.JobEvents.CountAsync(e => e.JobId == job.Id);
        Console.WriteLine($"{stored} events ({spool.Length / 1e6:F0} MB of JSON, {length / 1e6:F0} MB of text) stored in {store.Elapsed.TotalSeconds:F1} s = "
            + $"{stored / store.Elapsed.TotalSeconds:F0} events/s (budget >= 20,000); {store.Elapsed / parse.Elapsed:F1} x the bare parse of the lines");
    }

    private static ServiceProvider Services(string directory)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Data", directory)]).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddSingleton(TimeProvider.System)
            .AddStorage(configuration)
            .AddPlugins(configuration)
            .AddCredentials()
            .AddOutput(configuration)
            .AddAnsible()
            .BuildServiceProvider();
    }

    private static async Task<Job> NewJobAsync(IServiceProvider services)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        var job = new Job { Name = "events", Status = JobStatuses.Running, ClaimEpoch = Epoch };
        db.Jobs.Add(job);
        await db.SaveChangesAsync();
        return job;
    }

    private static byte[] Spool()
    {
        var lines = new StringBuilder();
        for (var i = 1; i <= Events; i++)
        {
            var host = $"host{i % 100:D3}";
            lines.Append(JsonSerializer.Serialize(new
            {
                uuid = Guid.NewGuid(),
                counter = i,
                stdout = $"\u001b[0;32mok: [{host}]\u001b[0m",
                start_line = i,
                end_line = i + 1,
                runner_ident = "bench",
                @event = "runner_on_ok",
                pid = 1,
                created = "2026-01-01T00:00:00.000000",
                parent_uuid = Guid.NewGuid(),
                event_data = new
                {
                    playbook = "site.yml",
                    play = "all",
                    task = $"task {i / 100}",
                    task_action = "ansible.builtin.command",
                    host,
                    remote_addr = host,
                    duration = 0.123,
                    res = new { changed = true, cmd = new[] { "true" }, rc = 0, stdout = "", stderr = "" },
                },
            })).Append('\n');
        }

        return Encoding.UTF8.GetBytes(lines.ToString());
    }
}
