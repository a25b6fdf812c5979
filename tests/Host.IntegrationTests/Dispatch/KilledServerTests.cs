using System.Diagnostics;
using System.Net.Http.Headers;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>The real server, a real program on the machine, and signals: nothing printed is lost, nothing runs twice.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class KilledServerTests(DatabaseKind kind)
{
    private const int Lines = 200_000;

    // In pieces with pauses, so that it takes some seconds; the marker tells how often it was started.
    private const string Program = """
        echo started >> "$0"
        i=0
        while [ $i -lt 100 ]; do seq $((i * 2000 + 1)) $((i * 2000 + 2000)); sleep 0.05; i=$((i + 1)); done
        """;

    private TestDatabase _database = null!;
    private TemporaryDirectory _directory = null!;

    private string Marker => _directory.File("starts");

    [SetUp]
    public async Task SetUpAsync()
    {
        _database = await TestDatabase.CreateAsync(kind);
        _directory = new TemporaryDirectory();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _database.DisposeAsync();
        _directory.Dispose();
    }

    [Test]
    public async Task KilledAgainAndAgain_TheOutputIsWholeAndTheProgramRanOnce()
    {
        var random = new Random(20260101);
        var (server, admin) = await StartAsync();
        var id = await LaunchAsync(admin);
        for (var kills = 0; kills < 3; kills++)
        {
            var target = kills == 0 ? 1 : random.Next(50_000, 300_000);
            await SpoolAsync(admin, id, target);
            server.Signal("KILL");
            await server.EndsAsync();
            server.Dispose();
            admin.Dispose();
            (server, admin) = await StartAsync();
        }

        await AssertWholeAsync(admin, id);
        server.Dispose();
        admin.Dispose();
    }

    [Test]
    public async Task StoppedBySigterm_EndsWithinFiveSeconds_AndTheJobLivesOn()
    {
        var (server, admin) = await StartAsync();
        var id = await LaunchAsync(admin);
        await SpoolAsync(admin, id, 50_000);

        var watch = Stopwatch.StartNew();
        server.Signal("TERM");
        var status = await server.EndsAsync();
        var stopped = watch.Elapsed;
        server.Dispose();
        admin.Dispose();
        Assert.That(status, Is.Zero);
        Assert.That(stopped, Is.LessThan(TimeSpan.FromSeconds(5)));

        (server, admin) = await StartAsync();
        await AssertWholeAsync(admin, id);
        server.Dispose();
        admin.Dispose();
    }

    private async Task<(ServerProcess Server, ApiClient Admin)> StartAsync()
    {
        var variables = new Dictionary<string, string>
        {
            ["CG_ADMIN_PASSWORD"] = "password",
            ["CG_PLUGINS__DIRECTORIES__0"] = BuiltInPlugins.Directory,
        };
        if (_database.Settings["ConnectionStrings:Postgres"] is { } postgres)
        {
            variables["CG_CONNECTIONSTRINGS__POSTGRES"] = postgres;
        }

        var server = ServerProcess.Start(_directory.Path, variables, "serve", "--data", _database.DataPath, "--urls", "http://127.0.0.1:0");
        var file = await server.ServesAsync(_database.DataPath);
        var http = new HttpClient { BaseAddress = new Uri(file.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("admin:password"u8));
        return (server, new ApiClient(http));
    }

    private Task<long> LaunchAsync(ApiClient admin) => admin.CreateAsync(
        "jobs/",
        System.Text.Json.JsonSerializer.Serialize(new { name = "numbers", job_type = "command", command = new[] { "sh", "-c", Program, Marker } }));

    /// <summary>Waits until so much of the job's output is stored.</summary>
    private static Task SpoolAsync(ApiClient admin, long id, int bytes) => Eventually.BeAsync(
        async () => (await admin.GetAsync($"jobs/{id}/stdout/?format=txt_download")).Text.Length >= bytes, $"{bytes} bytes are stored", TimeSpan.FromSeconds(60));

    private async Task AssertWholeAsync(ApiClient admin, long id)
    {
        await Eventually.BeAsync(
            async () => (await admin.GetAsync($"jobs/{id}/"))["finished"] is not null,
            "the job has ended",
            TimeSpan.FromSeconds(120));
        var job = await admin.GetAsync($"jobs/{id}/");
        Assert.That((job["status"]!.ToString(), job["job_explanation"]!.ToString()), Is.EqualTo(("successful", "")));
        var output = await admin.GetAsync($"jobs/{id}/stdout/?format=txt_download");
        Assert.That(output.Text, Is.EqualTo(string.Concat(Enumerable.Range(1, Lines).Select(n => $"{n}\n"))));
        Assert.That(await File.ReadAllLinesAsync(Marker), Is.EqualTo(new[] { "started" }));
    }
}
