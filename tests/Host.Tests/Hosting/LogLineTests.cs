using ContainerGroups.Host.Hosting;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.Tests.Hosting;

public sealed class LogLineTests
{
    [Test]
    public void Message_WithLineBreaksAndAnException_IsOneLine()
    {
        var exception = new InvalidOperationException("first\nsecond", new IOException("inner\r\nmore"));

        var line = Write("ContainerGroups.Host.Jobs.JobRunner", "a\nb", exception);

        Assert.That(line, Does.StartWith("2026-01-01T00:00:00.000Z warn Jobs.JobRunner: a b | System.InvalidOperationException: first second"));
        Assert.That(line.TrimEnd('\n'), Does.Not.Contain('\n').And.Not.Contain('\r'));
        Assert.That(line, Does.EndWith("\n"));
    }

    [Test]
    public void FailedStart_IsLeftToTheSentence() =>
        Assert.That(Write("Microsoft.Extensions.Hosting.Internal.Host", "Hosting failed to start", null, 11), Is.Empty);

    private static string Write(string category, string message, Exception? exception, int eventId = 0)
    {
        var writer = new StringWriter();
        new LogLine(new FakeClock()).Write(
            new LogEntry<string>(LogLevel.Warning, category, eventId, message, exception, (state, _) => state), null, writer);
        return writer.ToString();
    }
}
