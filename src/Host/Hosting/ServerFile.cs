using System.Text.Json;

namespace ContainerGroups.Host.Hosting;

/// <summary>
/// How to reach the server that serves a data directory: a file in it while it runs. A file without a running server is a
/// leftover of one that was killed.
/// </summary>
internal sealed record ServerFile
{
    public const string FileName = "server.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>An address that this machine reaches.</summary>
    public required string Url { get; init; }

    /// <summary>The certificate's SHA-256 in hexadecimal: what a client on this machine expects; null without TLS.</summary>
    public string? CertificateSha256 { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>What is written in the directory; null when nothing is, or nothing that can be read.</summary>
    public static ServerFile? Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize<ServerFile>(File.ReadAllBytes(Path.Combine(directory, FileName)), Format);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(string directory) =>
        PrivateFile.Write(Path.Combine(directory, FileName), JsonSerializer.Serialize(this, Format));

    public static void Remove(string directory) => File.Delete(Path.Combine(directory, FileName));
}
