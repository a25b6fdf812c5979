using System.Diagnostics;
using System.Text;
using ContainerGroups.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContainerGroups.Host.IntegrationTests.Projects;

/// <summary>A repository over HTTP, by git's own server program, for those who say the right name and password.</summary>
internal sealed class GitHttpServer : IAsyncDisposable
{
    private const string Repository = "/repository.git";

    private readonly TemporaryDirectory _directory = new();
    private readonly WebApplication _app;
    private readonly string _git;
    private readonly string _authorization;

    private GitHttpServer(WebApplication app, GitSandbox git, string username, string password)
    {
        _app = app;
        _git = Path.Combine(git.Path, ".git");
        _authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));
        // What the other side says stands in what the update prints.
        File.WriteAllText(_directory.File("said"), $"remote says {password}\n");
        File.WriteAllText(_directory.File("say"), $"#!/bin/sh\ncat '{_directory.File("said")}' >&2\nexec \"$@\"\n");
        File.SetUnixFileMode(_directory.File("say"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + Repository;

    /// <summary>Called while git waits for an answer.</summary>
    public Action Visited { get; set; } = () => { };

    /// <summary>Requests with the right password.</summary>
    public int Visits { get; private set; }

    /// <summary>Requests without.</summary>
    public int Refusals { get; private set; }

    public static async Task<GitHttpServer> StartAsync(GitSandbox git, string username, string password)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new GitHttpServer(builder.Build(), git, username, password);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Headers.Authorization != _authorization)
        {
            Refusals++;
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"repositories\"";
            return;
        }

        Visits++;
        Visited();
        using var process = Process.Start(Program(http.Request))!;
        var printed = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(printed);
        await http.Request.Body.CopyToAsync(process.StandardInput.BaseStream);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync();
        await AnswerAsync(http.Response, printed.ToArray());
    }

    /// <summary>As the interface of programs behind web servers has it (CGI).</summary>
    private ProcessStartInfo Program(HttpRequest request)
    {
        var start = new ProcessStartInfo("git", "http-backend") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in new (string, string)[]
        {
            ("GIT_PROJECT_ROOT", _git),
            ("GIT_HTTP_EXPORT_ALL", "1"),
            ("GIT_PROTOCOL", request.Headers["Git-Protocol"].ToString()),
            ("PATH_INFO", request.Path.Value![Repository.Length..]),
            ("QUERY_STRING", request.QueryString.Value!.TrimStart('?')),
            ("REQUEST_METHOD", request.Method),
            ("CONTENT_TYPE", request.ContentType ?? ""),
            ("HTTP_CONTENT_ENCODING", request.Headers.ContentEncoding.ToString()),
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "uploadpack.packObjectsHook"),
            ("GIT_CONFIG_VALUE_0", _directory.File("say")),
        })
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task AnswerAsync(HttpResponse response, byte[] printed)
    {
        var end = printed.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(printed, 0, end).Split("\r\n"))
        {
            var (name, value) = (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim());
            if (name == "Status")
            {
                response.StatusCode = int.Parse(value[..3], System.Globalization.CultureInfo.InvariantCulture);
            }
            else
            {
                response.Headers[name] = value;
            }
        }

        await response.Body.WriteAsync(printed.AsMemory(end + 4));
    }
}
