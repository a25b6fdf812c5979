using System.Net;
using System.Text;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.IntegrationTests.Output;

public sealed class StdoutTests
{
    private const string Coloured = "one\n\u001b[0;31mtwo <b>\u001b[0m\nthree";

    private OutputServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await OutputServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TestCase("txt", "text/plain", "one\ntwo <b>\nthree")]
    [TestCase("ansi", "text/plain", Coloured)]
    [TestCase("api", "text/html", "one\n<span class=\"ansi31\">two &lt;b&gt;</span>\nthree")]
    [TestCase("txt_download", "text/plain", "one\ntwo <b>\nthree")]
    [TestCase("ansi_download", "text/plain", Coloured)]
    public async Task Format_GivesTheTextInItsForm(string format, string type, string expected)
    {
        var job = await EndedAsync(Coloured);

        using var answer = await _server.Http.GetAsync($"/api/v2/jobs/{job}/stdout/?format={format}");

        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo(type));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(expected));
        var isDownload = format.EndsWith("_download", StringComparison.Ordinal);
        var name = format.StartsWith("ansi", StringComparison.Ordinal) ? $"job_{job}.ansi.txt" : $"job_{job}.txt";
        Assert.That(answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'), Is.EqualTo(isDownload ? name : null));
    }

    [TestCase("", 0, 3, Coloured)]
    [TestCase("&start_line=1", 1, 3, "\u001b[0;31mtwo <b>\u001b[0m\nthree")]
    [TestCase("&start_line=0&end_line=1", 0, 1, "one\n")]
    [TestCase("&start_line=-1", 2, 3, "three")]
    [TestCase("&start_line=5&end_line=9", 3, 3, "")]
    public async Task Json_GivesRangesOfLines(string range, int start, int end, string content)
    {
        var job = await EndedAsync(Coloured);

        var answer = await _server.GetAsync($"/api/v2/jobs/{job}/stdout/?format=json{range}");

        var shown = answer.GetProperty("range");
        Assert.That((shown.GetProperty("start").GetInt32(), shown.GetProperty("end").GetInt32()), Is.EqualTo((start, end)));
        Assert.That(shown.GetProperty("absolute_end").GetInt32(), Is.EqualTo(3));
        Assert.That(answer.GetProperty("content").GetString(), Is.EqualTo(content));
    }

    [Test]
    public async Task Json_InBase64_IsEveryByteAsItIs()
    {
        byte[] text = [0xff, 0, (byte)'\n', 0xc3];
        var job = await _server.AddEndedJobAsync(JobTypes.Command, text);

        var answer = await _server.GetAsync($"/api/v2/jobs/{job}/stdout/?format=json&content_encoding=base64");

        Assert.That(answer.GetProperty("content").GetBytesFromBase64(), Is.EqualTo(text));
    }

    [Test]
    public async Task TooMuchToShow_IsSaid_AndCanBeDownloadedOrReadByLines()
    {
        var line = Encoding.ASCII.GetBytes(new string('x', 99) + "\n");
        var text = Enumerable.Repeat(line, 12_000).SelectMany(x => x).ToArray();
        var job = await _server.AddEndedJobAsync(JobTypes.Command, text);
        const string refusal = "Standard Output too large to display (1200000 bytes), only download supported for sizes over 1048576 bytes.";

        var whole = await _server.GetAsync($"/api/v2/jobs/{job}/stdout/?format=json");
        Assert.That(whole.GetProperty("content").GetString(), Is.EqualTo(refusal));
        Assert.That(whole.GetProperty("range").GetRawText(), Is.EqualTo("""{"start":0,"end":1,"absolute_end":1}"""));
        Assert.That(await _server.Http.GetStringAsync($"/api/v2/jobs/{job}/stdout/?format=txt"), Is.EqualTo(refusal));
        var part = await _server.GetAsync($"/api/v2/jobs/{job}/stdout/?format=json&start_line=11999");
        Assert.That(part.GetProperty("content").GetString(), Has.Length.EqualTo(100));
        Assert.That(await _server.Http.GetByteArrayAsync($"/api/v2/jobs/{job}/stdout/?format=txt_download"), Is.EqualTo(text));
    }

    [Test]
    public async Task NoOutput_IsAnEmptyText()
    {
        var job = await _server.AddJobAsync(JobTypes.Command);

        Assert.That(await _server.Http.GetStringAsync($"/api/v2/jobs/{job}/stdout/?format=txt"), Is.Empty);
    }

    [TestCase("format=pdf", HttpStatusCode.NotFound)]
    [TestCase("format=json&start_line=x", HttpStatusCode.BadRequest)]
    public async Task BadRequest_IsRefused(string query, HttpStatusCode status)
    {
        var job = await EndedAsync("x");

        using var answer = await _server.Http.GetAsync($"/api/v2/jobs/{job}/stdout/?{query}");

        Assert.That(answer.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Follow_StreamsWhatComes_UntilTheJobHasEnded()
    {
        var job = await _server.AddJobAsync(JobTypes.Command);
        await using var output = await _server.OpenOutputAsync(job);
        await output.AppendAsync("first\n"u8.ToArray(), CancellationToken.None);
        await output.FlushAsync(CancellationToken.None);

        using var answer = await _server.Http.GetAsync($"/api/v2/jobs/{job}/output/?offset=2&follow=1", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("rst"));

        await output.AppendAsync("second\n"u8.ToArray(), CancellationToken.None);
        await output.FlushAsync(CancellationToken.None);
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("second"));

        await output.CompleteAsync(CancellationToken.None);
        await _server.EndAsync(job);
        Assert.That(await reader.ReadToEndAsync(), Is.Empty);
        Assert.That(answer.Headers.GetValues("X-Job-Status"), Is.EqualTo(new[] { "running" }));
        Assert.That(answer.TrailingHeaders.GetValues("X-Job-Status"), Is.EqualTo(new[] { "successful" }));
        Assert.That(answer.TrailingHeaders.GetValues("X-Output-End"), Is.EqualTo(new[] { "13" }));
    }

    private Task<long> EndedAsync(string text) => _server.AddEndedJobAsync(JobTypes.Command, Encoding.UTF8.GetBytes(text));
}
