using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Published.Tests;

/// <summary>The single executable, copied to a machine that has nothing: no .NET, no home, no variables but a path to programs.</summary>
internal sealed class PublishedServer : IDisposable
{
    public const string Password = "of-the-test";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private HttpClient? _http;

    private PublishedServer(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => _output.Enqueue(e.Data ?? "");
        process.ErrorDataReceived += (_, e) => _output.Enqueue(e.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What <c>./dev test-publish</c> has prepared.</summary>
    public static string Artifacts { get; } = Environment.GetEnvironmentVariable("CG_TEST_PUBLISH")
        ?? throw new InvalidOperationException("CG_TEST_PUBLISH names no directory: run ./dev test-publish.");

    public static string Executable { get; } = Path.Combine(Artifacts, "publish", "containergroups");

    public string Output => string.Join('\n', _output);

    /// <param name="executable">The executable.</param>
    /// <param name="directory">The working directory; also what temporary files go to.</param>
    /// <param name="arguments">The command line.</param>
    public static PublishedServer Start(string executable, string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["TMPDIR"] = directory;
        start.Environment["CG_URLS"] = "https://127.0.0.1:0";
        start.Environment["CG_ADMIN_PASSWORD"] = Password;
        return new PublishedServer(Process.Start(start)!);
    }

    /// <summary>Waits until it serves.</summary>
    public async Task ServesAsync(string dataDirectory)
    {
        JsonNode? file = null;
        await Eventually.BeAsync(
            () => _process.HasExited
                ? throw new InvalidOperationException($"The server ended with {_process.ExitCode}: {Output}")
                : (file = Read(Path.Combine(dataDirectory, "server.json"))) is not null && (int)file["processId"]! == _process.Id,
            "the server serves",
            TimeSpan.FromSeconds(120));
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        _http = new HttpClient(handler) { BaseAddress = new Uri(file!["url"]!.ToString()) };
        _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using var answer = await _http!.GetAsync($"/api/v2/{path}");
        return await ReadAsync(answer);
    }

    public async Task<JsonNode> PostAsync(string path, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await _http!.PostAsync($"/api/v2/{path}", content);
        return await ReadAsync(answer);
    }

    public async Task<string> TextAsync(string path) => await _http!.GetStringAsync($"/api/v2/{path}");

    /// <summary>The one object of a list that a filter leaves; null while there is none.</summary>
    public async Task<JsonNode?> FindAsync(string list) => (await GetAsync(list))["results"]!.AsArray().SingleOrDefault();

    public async Task<JsonNode?> PluginAsync(string id) =>
        (await GetAsync("plugins/"))["results"]!.AsArray().SingleOrDefault(plugin => plugin!["id"]!.ToString() == id);

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async Task<int> EndsAsync()
    {
        await Eventually.EndAsync(_process.WaitForExitAsync(), "the process", TimeSpan.FromSeconds(120));
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _http?.Dispose();
        _process.Dispose();
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.IsSuccessStatusCode, Is.True, $"{answer.RequestMessage!.RequestUri}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private static JsonNode? Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
