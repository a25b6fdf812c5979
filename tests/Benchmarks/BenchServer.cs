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

    /// <summary>A file for the server's log, for whoever looks for the reason of a figure.</summary>
    private const string LogVariable = "CG_BENCH_LOG";

    private readonly TemporaryDirectory _directory = new();
    private readonly StreamWriter? _log;
    private Process _process;

    private BenchServer()
    {
        DataDirectory = Path.Combine(_directory.Path, "data");
        _log = Environment.GetEnvironmentVariable(LogVariable) is { Length: > 0 } file ? new StreamWriter(file, append: true) { AutoFlush = true } : null;
        _process = Start();
        Http = null!;
    }

    public HttpClient Http { get; private set; }

    public string DataDirectory { get; }

    /// <summary>The most memory that the server has had resident, in bytes, as the kernel counts it.</summary>
    public long PeakMemory => ServerProcess.PeakMemory(_process.Id);

    /// <inheritdoc cref="ServerProcess.Memory"/>
    public (long Private, long Resident) Memory => ServerProcess.Memory(_process.Id);

    /// <summary>Processor time that the server has used.</summary>
    public TimeSpan Processor => ServerProcess.Processor(_process.Id);

    private static string Executable => Path.Combine(Repository.Root, "src", "Host", "bin", "Release", "net10.0", "containergroups.dll");

    public static async Task<BenchServer> StartAsync()
    {
        var server = new BenchServer();
        await server.ConnectAsync();
        return server;
    }

    /// <summary>Ends the server as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again on what it left behind; returns when it answers.</summary>
    public Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Start();
        return ConnectAsync();
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

    /// <summary>How many jobs have a status.</summary>
    public async Task<int> CountAsync(string status) => (await GetAsync($"jobs/?status={status}&page_size=1"))["count"]!.GetValue<int>();

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

    /// <summary>A credential of a cluster.</summary>
    public async Task<long> CredentialAsync(Uri cluster, string authority, string token)
    {
        var type = (await GetAsync("credential_types/?namespace=kubernetes_bearer_token"))["results"]![0]!["id"]!.GetValue<long>();
        var credential = await PostAsync("credentials/", new
        {
            name = "cluster",
            organization = 1,
            credential_type = type,
            inputs = new { host = cluster.ToString(), bearer_token = token, verify_ssl = true, ssl_ca_cert = authority },
        });
        return credential["id"]!.GetValue<long>();
    }

    public async Task<long> ContainerGroupAsync(string name, long credential, int maxConcurrentJobs = 0, string podSpec = "")
    {
        var group = await PostAsync(
            "instance_groups/",
            new { name, is_container_group = true, credential, max_concurrent_jobs = maxConcurrentJobs, pod_spec_override = podSpec });
        return group["id"]!.GetValue<long>();
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        await KillAsync();
        _process.Dispose();
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        _directory.Dispose();
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [Executable, "serve", "--data", DataDirectory, "--urls", "https://127.0.0.1:0"])
        {
            WorkingDirectory = _directory.Path,
            RedirectStandardOutput = true,
        };
        start.Environment["CG_ADMIN_PASSWORD"] = Password;
        // Rows of a fixed past stay for as long as they are measured.
        start.Environment["CG_RETENTION__JOBDAYS"] = "0";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => _log?.WriteLine(line.Data);
        process.BeginOutputReadLine();
        return process;
    }

    private async Task ConnectAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        ServerFile? file;
        while ((file = ServerFile.Read(DataDirectory)) is null || file.ProcessId != _process.Id)
        {
            await Task.Delay(20, patience.Token);
        }

        // The certificate is the server's own, made a moment ago on this machine.
        Http?.Dispose();
        Http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true })
        {
            BaseAddress = new Uri(new Uri(file.Url), "/api/v2/"),
            Timeout = TimeSpan.FromMinutes(30),
        };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));
    }
}
