using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Benchmarks;

/// <summary>The same playbook through the server and by <c>ansible-runner run</c> by hand, in turn.</summary>
internal static class PlaybookBenchmark
{
    private const int Rounds = 7;

    private const string Playbook = """
        - hosts: all
          gather_facts: false
          tasks:
            - name: Say something
              ansible.builtin.debug:
                msg: "{{ item }}"
              loop: "{{ range(20) | list }}"
            - name: Run something
              ansible.builtin.command: "true"
        """;

    private const string Hosts = "localhost ansible_connection=local\n";

    public static async Task RunAsync()
    {
        using var directory = new TemporaryDirectory();
        var project = Directory.CreateDirectory(Path.Combine(directory.Path, "project")).FullName;
        await File.WriteAllTextAsync(Path.Combine(project, "site.yml"), Playbook);
        await using var server = await BenchServer.StartAsync();
        var template = await TemplateAsync(server, project);

        await ThroughServerAsync(server, template);
        await ByHandAsync(directory.Path, project, 0);
        var (ours, theirs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            ours.Add(await ThroughServerAsync(server, template));
            theirs.Add(await ByHandAsync(directory.Path, project, round));
            ratios.Add(ours[^1] / theirs[^1]);
        }

        Console.WriteLine($"through the server, ms: {new Figures(ours)}");
        Console.WriteLine($"ansible-runner by hand, ms: {new Figures(theirs)}");
        Console.WriteLine($"ratio: median {new Figures(ratios).Median:F3}, of medians {new Figures(ours).Median / new Figures(theirs).Median:F3}  (budget <= 1.05)");
    }

    private static async Task<long> TemplateAsync(BenchServer server, string directory)
    {
        var project = (await server.PostAsync("projects/", new { name = "bench", organization = 1, scm_type = "archive" }))["id"]!.GetValue<long>();
        using var archive = new MemoryStream();
        await using (var gzip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        {
            await TarFile.CreateFromDirectoryAsync(directory, gzip, includeBaseDirectory: false);
        }

        using var content = new ByteArrayContent(archive.ToArray());
        content.Headers.ContentType = new("application/gzip");
        using var stored = await server.Http.PutAsync($"projects/{project}/archive/", content);
        stored.EnsureSuccessStatusCode();
        var inventory = (await server.PostAsync("inventories/", new { name = "bench", organization = 1, source = Hosts }))["id"]!.GetValue<long>();
        var template = await server.PostAsync("job_templates/", new { name = "bench", project, inventory, playbook = "site.yml" });
        return template["id"]!.GetValue<long>();
    }

    private static async Task<double> ThroughServerAsync(BenchServer server, long template)
    {
        var watch = Stopwatch.StartNew();
        var job = (await server.PostAsync($"job_templates/{template}/launch/", new { }))["job"]!.GetValue<long>();
        await server.FollowAsync(job, _ => ValueTask.CompletedTask);
        var elapsed = watch.Elapsed.TotalMilliseconds;
        var status = await server.StatusAsync(job);
        return status == "successful" ? elapsed : throw new InvalidOperationException($"Job {job} ended as {status}.");
    }

    private static async Task<double> ByHandAsync(string directory, string project, int round)
    {
        var data = Directory.CreateDirectory(Path.Combine(directory, $"by-hand-{round}")).FullName;
        Directory.CreateDirectory(Path.Combine(data, "inventory"));
        Directory.CreateDirectory(Path.Combine(data, "project"));
        File.Copy(Path.Combine(project, "site.yml"), Path.Combine(data, "project", "site.yml"));
        await File.WriteAllTextAsync(Path.Combine(data, "inventory", "hosts"), Hosts);
        var watch = Stopwatch.StartNew();
        using var runner = Process.Start(new ProcessStartInfo("ansible-runner", ["run", data, "-p", "site.yml", "--json"]) { RedirectStandardOutput = true })!;
        await runner.StandardOutput.ReadToEndAsync();
        await runner.WaitForExitAsync();
        return runner.ExitCode == 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"ansible-runner ended with {runner.ExitCode}.");
    }
}
