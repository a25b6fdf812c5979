using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ContainerGroups.Benchmarks;

/// <summary>
/// What somebody would write by hand for one question: a statement, its rows as JSON. It is sent by the same web server, in a process of its
/// own as the product's is, which asks nobody's name; or by none.
/// </summary>
internal sealed class HandWritten : IAsyncDisposable
{
    private const int Piece = 32 * 1024;

    private readonly SqliteConnection _connection;
    private readonly Process _process;
    private string _sql = "";

    private HandWritten(SqliteConnection connection, Process process, Uri address)
    {
        (_connection, _process) = (connection, process);
        Http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(30),
        };
    }

    public HttpClient Http { get; }

    /// <summary>Processor time that its server has used.</summary>
    public TimeSpan Processor => ServerProcess.Processor(_process.Id);

    public static async Task<HandWritten> StartAsync(string database)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [HandWrittenServer.Command, database]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The hand-written server did not start.");
        return new HandWritten(await OpenAsync(database), process, new Uri(address));
    }

    /// <summary>A connection as the product's own are set.</summary>
    public static async Task<SqliteConnection> OpenAsync(string database)
    {
        var connection = new SqliteConnection($"Data Source={database}");
        await connection.OpenAsync();
        await using var settings = connection.CreateCommand();
        settings.CommandText = "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY";
        await settings.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Sets the statement that is answered from now on.</summary>
    public async Task AnswerAsync(string sql)
    {
        _sql = sql;
        using var answer = await Http.PostAsync("/", new StringContent(sql));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The same without a web server.</summary>
    public Task WriteAsync() => WriteAsync(_connection, _sql, _ => ValueTask.CompletedTask);

    public static async Task WriteAsync(SqliteConnection connection, string sql, Func<ReadOnlyMemory<byte>, ValueTask> send)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(2 * Piece);
        await using var json = new Utf8JsonWriter(buffer);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
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
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _connection.DisposeAsync();
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
}
