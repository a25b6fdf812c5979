using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ContainerGroups.Host.Cli;

/// <summary>The REST API as the command line uses it: JSON in and out, and failures as sentences.</summary>
internal sealed class ApiClient(HttpClient http) : IDisposable
{
    public Uri Address => http.BaseAddress!;

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        JsonAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<JsonElement> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        JsonAsync(HttpMethod.Post, path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), cancellationToken);

    public Task<JsonElement> PutAsync(string path, HttpContent content, CancellationToken cancellationToken) =>
        JsonAsync(HttpMethod.Put, path, content, cancellationToken);

    public Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        JsonAsync(HttpMethod.Delete, path, null, cancellationToken);

    /// <summary>The row of this exact name in a collection; null when there is none.</summary>
    public async Task<JsonElement?> FindByNameAsync(string collection, string name, CancellationToken cancellationToken)
    {
        var page = await GetAsync($"{collection}/?name={Uri.EscapeDataString(name)}", cancellationToken);
        return page.GetProperty("results").EnumerateArray().Select(row => (JsonElement?)row).FirstOrDefault();
    }

    /// <summary>A body that is read while it comes.</summary>
    public async Task<HttpResponseMessage> StreamAsync(string path, CancellationToken cancellationToken)
    {
        var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        await ThrowOnFailureAsync(response, HttpMethod.Get, path, cancellationToken);
        return response;
    }

    public void Dispose() => http.Dispose();

    public static AuthenticationHeaderValue? Authorization(string? token, string? username, string? password)
    {
        if (token is not null)
        {
            return new AuthenticationHeaderValue("Bearer", token);
        }

        return username is null
            ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}")));
    }

    private async Task<JsonElement> JsonAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await SendAsync(request, cancellationToken);
        await ThrowOnFailureAsync(response, method, path, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return bytes.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(bytes);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new ServerUnreachableException($"The server {Address} can't be reached: {Reason(e)}", e);
        }
    }

    /// <summary>The innermost reason is the one that helps; a certificate that isn't trusted gets advice with it.</summary>
    private static string Reason(HttpRequestException e) => e.InnerException switch
    {
        AuthenticationException => $"{e.InnerException.Message} Name its certificate with --ca, or say --insecure.",
        SocketException socket => socket.Message + ".",
        CliException or IOException => e.InnerException.Message,
        _ => e.Message,
    };

    private async Task ThrowOnFailureAsync(HttpResponseMessage response, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            throw response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => new CliException(
                    ExitCodes.NoServer, $"The server {Address} doesn't know you: set CG_TOKEN, or CG_USERNAME and CG_PASSWORD. {ApiError.Describe(text)}".Trim()),
                HttpStatusCode.Forbidden => new CliException(ExitCodes.BadRequest, $"You may not do that: {ApiError.Describe(text)}"),
                >= HttpStatusCode.InternalServerError => new CliException(
                    ExitCodes.NoServer, $"The server answered {(int)response.StatusCode} to {method} {path}: {ApiError.Describe(text)}"),
                _ => new ApiRefusedException(response.StatusCode, ApiError.Describe(text)),
            };
        }
    }
}
