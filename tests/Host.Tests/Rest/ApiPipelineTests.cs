using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ContainerGroups.Host.Tests.Rest;

internal sealed class ApiPipelineTests
{
    private static IEnumerable<TestCaseData<Exception, int, string>> Failures()
    {
        var deadlock = new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected);
        yield return new(new DbUpdateException("not saved", deadlock), 503, "1") { TestName = "Deadlock_AsksToTryAgain" };
        yield return new(new SqliteException("database is locked", 5), 503, "1") { TestName = "LockedDatabase_AsksToTryAgain" };
        yield return new(new SqliteException("database or disk is full", 13), 507, "") { TestName = "FullDisk_IsSaid" };
        yield return new(
            new DbUpdateException("not saved", new PostgresException("could not extend file", "ERROR", "ERROR", PostgresErrorCodes.DiskFull)), 507, "")
        {
            TestName = "FullDiskOfPostgres_IsSaid",
        };
        yield return new(new SqliteException("database disk image is malformed", 11), 500, "") { TestName = "DamagedDatabase_IsAServerError" };
        yield return new(new InvalidOperationException("password=secret"), 500, "") { TestName = "AnyOtherFault_IsAServerError" };
    }

    [TestCaseSource(nameof(Failures))]
    public async Task Failure_IsAnsweredWithoutItsOwnWords(Exception failure, int status, string retryAfter)
    {
        var http = new DefaultHttpContext();
        using var body = new MemoryStream();
        http.Response.Body = body;
        var pipeline = new ApiPipeline(
            _ => throw failure, new HostIdentity("node"), TimeProvider.System, NullLogger<ApiPipeline>.Instance);

        await pipeline.InvokeAsync(http);
        await http.Response.BodyWriter.FlushAsync();

        var text = System.Text.Encoding.UTF8.GetString(body.ToArray());
        Assert.That((http.Response.StatusCode, (string?)http.Response.Headers.RetryAfter ?? ""), Is.EqualTo((status, retryAfter)));
        Assert.That(text, Does.StartWith("{\"detail\":\"").And.Not.Contain(failure.Message).And.Not.Contain("deadlock"));
    }
}
