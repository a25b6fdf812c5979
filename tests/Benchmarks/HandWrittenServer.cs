using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Benchmarks;

/// <summary>The hand-written answers' web server: a statement is posted to it, and from then on it answers with that one's rows.</summary>
internal static class HandWrittenServer
{
    public const string Command = "by-hand";

    public static async Task RunAsync(string database)
    {
        await using var connection = await HandWritten.OpenAsync(database);
        using var certificate = Certificate();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var server = builder.Build();
        var sql = "";
        server.Run(async http =>
        {
            if (HttpMethods.IsPost(http.Request.Method))
            {
                using var reader = new StreamReader(http.Request.Body);
                sql = await reader.ReadToEndAsync(http.RequestAborted);
                return;
            }

            await AnswerAsync(http, connection, sql);
        });
        await server.StartAsync();
        Console.WriteLine(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        // Whoever started it has gone when nothing more can come from there.
        await Console.In.ReadToEndAsync();
    }

    private static async Task AnswerAsync(HttpContext http, SqliteConnection connection, string sql)
    {
        http.Response.ContentType = "application/json";
        await HandWritten.WriteAsync(connection, sql, async piece => await http.Response.BodyWriter.WriteAsync(piece, http.RequestAborted));
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
