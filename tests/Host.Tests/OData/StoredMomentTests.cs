using System.Globalization;
using System.Text;
using System.Text.Json;
using ContainerGroups.Host.OData.Reading;

namespace ContainerGroups.Host.Tests.OData;

internal sealed class StoredMomentTests
{
    [Test]
    public void AnyMoment_IsWrittenAsJsonHasIt()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            // Of each fineness: whole seconds, and every number of digits behind them.
            var fineness = (long)Math.Pow(10, i % 8);
            var moment = new DateTime(random.NextInt64(DateTime.MaxValue.Ticks) / fineness * fineness, DateTimeKind.Utc);

            var stored = moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

            Assert.That(Written(stored), Is.EqualTo(JsonSerializer.Serialize(moment).Trim('"')));
        }
    }

    [TestCase("2026-03-01 12:00:10.000", "2026-03-01T12:00:10Z")]
    [TestCase("2026-03-01 12:00:10.500", "2026-03-01T12:00:10.5Z")]
    [TestCase("2026-03-01 12:00:00", "2026-03-01T12:00:00Z")]
    [TestCase("", null)]
    [TestCase("2026-03-01", null)]
    [TestCase("2026-03-01 12:00:00.", null)]
    [TestCase("2026-03-01T12:00:00", null)]
    [TestCase("2026-03-01 12:00:00Z", null)]
    [TestCase("2026-03-01 12:00:00+00:00", null)]
    [TestCase("2026-03-01 12:00:00.12345678", null)]
    [TestCase("2026-03-01 12:00:0\"", null)]
    [TestCase("２０26-03-01 12:00:00", null)]
    public void OtherForms_AreWrittenAlikeOrLeftAlone(string stored, string? written) => Assert.That(Written(stored), Is.EqualTo(written));

    private static string? Written(string stored)
    {
        Span<byte> text = stackalloc byte[StoredMoment.MostBytes];
        return StoredMoment.TryFormat(Encoding.UTF8.GetBytes(stored), text, out var length) ? Encoding.UTF8.GetString(text[..length]) : null;
    }
}
