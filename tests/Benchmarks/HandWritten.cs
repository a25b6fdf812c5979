using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace ContainerGroups.Benchmarks;

/// <summary>What somebody would write by hand for one question: a statement, its rows as JSON, sent by the same web server. It asks nobody's name.</summary>
internal sealed class HandWritten : IAsyncDisposable
{
    private const int Piece = 32 * 1024;

    private readonly SqliteConnection _connection;
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly WebApplication _server;
    private string _sql = "";

    private HandWritten(SqliteConnection connection)
    {
        _connection = connection;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        _server = builder.Build();
        _server.Run(AnswerAsync);
        Http = null!;
    }

    public HttpClient Http { get; private set; }

    public static async Task<HandWritten> StartAsync(string database)
    {
        var connection = new SqliteConnection($"Data Source={database}");
        await connection.OpenAsync();
        await using var settings = connection.CreateCommand();
        // As the server's own connections are set.
        settings.CommandText = "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY";
        await settings.ExecuteNonQueryAsync();
        var server = new HandWritten(connection);
        await server._server.StartAsync();
        server.Http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true })
        {
            BaseAddress = new Uri(server._server.Urls.Single()),
            Timeout = TimeSpan.FromMinutes(30),
        };
        return server;
    }

    /// <summary>Sets the statement that is answered from now on.</summary>
    public void Answer(string sql) => _sql = sql;

    /// <summary>The same without a web server.</summary>
    public async Task WriteAsync(Func<ReadOnlyMemory<byte>, ValueTask> send)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(2 * Piece);
        await using var json = new Utf8JsonWriter(buffer);
        await using var command = _connection.CreateCommand();
        command.CommandText = _sql;
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync();
        var names = Enumerable.Range(0, reader.FieldCount).Select(i => JsonEncodedText.Encode(reader.GetName(i))).ToArray();
        json.WriteStartArray();
        while (await reader.ReadAsync())
        {
            Row(json, reader, names);
            if (json.BytesPending + buffer.WrittenCount > Piece)
            {
                await SendAsync();
            }
        }

        json.WriteEndArray();
        await SendAsync();

        async ValueTask SendAsync()
        {
            await json.FlushAsync();
            await send(buffer.WrittenMemory);
            buffer.ResetWrittenCount();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        await _connection.DisposeAsync();
        _certificate.Dispose();
    }

    private static void Row(Utf8JsonWriter json, SqliteDataReader reader, JsonEncodedText[] names)
    {
        json.WriteStartObject();
        for (var i = 0; i < names.Length; i++)
        {
            json.WritePropertyName(names[i]);
            switch (reader.GetValue(i))
            {
                case long number:
                    json.WriteNumberValue(number);
                    break;
                case double number:
                    json.WriteNumberValue(number);
                    break;
                case string text:
                    json.WriteStringValue(text);
                    break;
                default:
                    json.WriteNullValue();
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await WriteAsync(async piece => await http.Response.BodyWriter.WriteAsync(piece, http.RequestAborted));
    }
}
