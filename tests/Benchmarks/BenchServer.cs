using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Hosting;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Benchmarks;

/// <summary>The release build of the server as a process of its own, on an empty data directory, spoken to by HTTP.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private const string Password = "benchmark";

    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process;

    private BenchServer()
    {
        var data = Path.Combine(_directory.Path, "data");
        var start = new ProcessStartInfo("dotnet", [Executable, "serve", "--data", data, "--urls", "https://127.0.0.1:0"])
        {
            WorkingDirectory = _directory.Path,
            RedirectStandardOutput = true,
        };
        start.Environment["CG_ADMIN_PASSWORD"] = Password;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        DataDirectory = data;
        Http = null!;
    }

    public HttpClient Http { get; private set; }

    public string DataDirectory { get; }

    /// <summary>The most memory that the server has had resident, in bytes, as the kernel counts it.</summary>
    public long PeakMemory => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))[6..].Replace("kB", "").Trim(),
        System.Globalization.CultureInfo.InvariantCulture);

    private static string Executable => Path.Combine(Repository.Root, "src", "Host", "bin", "Release", "net10.0", "containergroups.dll");

    public static async Task<BenchServer> StartAsync()
    {
        var server = new BenchServer();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        ServerFile? file;
        while ((file = ServerFile.Read(server.DataDirectory)) is null)
        {
            await Task.Delay(50, patience.Token);
        }

        // The certificate is the server's own, made a moment ago on this machine.
        server.Http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true })
        {
            BaseAddress = new Uri(new Uri(file.Url), "/api/v2/"),
            Timeout = TimeSpan.FromMinutes(30),
        };
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));
        return server;
    }

    public async Task<JsonNode> PostAsync(string path, object body)
    {
        using var response = await Http.PostAsJsonAsync(path, body);
        var answer = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(answer.Length == 0 ? "{}" : answer)!
            : throw new InvalidOperationException($"POST {path}: {(int)response.StatusCode} {answer}");
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(path))!;

    public async Task<long> LaunchCommandAsync(string name, long? group, params string[] command)
    {
        var job = await PostAsync("jobs/", new { name, job_type = "command", command, instance_group = group });
        return job["id"]!.GetValue<long>();
    }

    /// <summary>Reads a job's output live to its end, which comes with the job's.</summary>
    public async Task FollowAsync(long jobId, Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        using var response = await Http.GetAsync($"jobs/{jobId}/output/?offset=0&follow=1", HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 20];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            await take(buffer.AsMemory(0, read));
        }
    }

    public async Task<string> StatusAsync(long jobId) => (await GetAsync($"jobs/{jobId}/"))["status"]!.GetValue<string>();

    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> PhasesAsync(long jobId) =>
        (await GetAsync($"jobs/{jobId}/phases/"))["results"]!.AsArray().ToDictionary(
            phase => phase!["name"]!.GetValue<string>(), phase => phase!["at"]!.GetValue<DateTimeOffset>());

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }
}
