using System.Text.Json;
using ContainerGroups.Host.Rest.Fields;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Host.Tests.Rest;

public sealed class FieldReadingTests
{
    [TestCase("true", true)]
    [TestCase("1", true)]
    [TestCase("1.0", true)]
    [TestCase("\"T\"", true)]
    [TestCase("\"yEs\"", true)]
    [TestCase("\"on\"", true)]
    [TestCase("false", false)]
    [TestCase("0", false)]
    [TestCase("\"f\"", false)]
    [TestCase("\"No\"", false)]
    [TestCase("\"OFF\"", false)]
    [TestCase("\"\"", false)]
    [TestCase("null", false)]
    public void Boolean_TakesAwxsWords(string json, bool value) => Assert.That(Read(FieldKind.Boolean, json), Is.EqualTo((value, (string?)null)));

    [TestCase("2")]
    [TestCase("\"2\"")]
    [TestCase("[]")]
    [TestCase("\" true\"")]
    public void Boolean_RefusesOthers(string json) => Assert.That(Read(FieldKind.Boolean, json).Error, Is.EqualTo("Must be a valid boolean."));

    [TestCase("1.005")]
    [TestCase("0.999")]
    public void Decimal_HasTwoPlaces(string json) =>
        Assert.That(Read(FieldKind.Decimal, json).Error, Is.EqualTo("Ensure that there are no more than 2 decimal places."));

    [TestCase("\"0.50\"", 0.5)]
    [TestCase("1", 1)]
    public void Decimal_IsANumberOrItsText(string json, decimal value) => Assert.That(Read(FieldKind.Decimal, json).Value, Is.EqualTo(value));

    [TestCase("\"2026-01-02T03:04:05Z\"", "2026-01-02T03:04:05.000000Z")]
    [TestCase("\"2026-01-02T03:04:05.123456+02:00\"", "2026-01-02T01:04:05.123456Z")]
    [TestCase("\"2026-01-02\"", "2026-01-02T00:00:00.000000Z")]
    public void Moment_IsUtc(string json, string shown) =>
        Assert.That(JsonValues.Moment((DateTime)Read(FieldKind.DateTime, json).Value!), Is.EqualTo(shown));

    [Test]
    public void AnyText_IsReadAsSomethingOrRefused_AndNeverThrown()
    {
        var texts = Gen.OneOf(
            Gen.Elements("null", "true", "1", "-0.0", "1e308", "1e-999", "\"\"", "\"\\u0000\"", "[]", "{}", "[\"a\"]", "79228162514264337593543950336"),
            ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(number => JsonSerializer.Serialize(number)),
            ArbMap.Default.GeneratorFor<long>().Select(number => JsonSerializer.Serialize(number)),
            ArbMap.Default.GeneratorFor<string>().Select(text => JsonSerializer.Serialize(text)));
        var kinds = Gen.Elements(
            FieldKind.String, FieldKind.Integer, FieldKind.Boolean, FieldKind.Float, FieldKind.Decimal, FieldKind.DateTime, FieldKind.Choice,
            FieldKind.Id, FieldKind.Json, FieldKind.StringList);

        Check.QuickThrowOnFailure(Prop.ForAll(texts.Zip(kinds).ToArbitrary(), one =>
        {
            var (value, error) = Read(one.Item2, one.Item1);
            return error is null || value is null;
        }));
    }

    private static (object? Value, string? Error) Read(FieldKind kind, string json)
    {
        using var document = JsonDocument.Parse(json);
        var field = new Field<object> { Name = "x", Kind = kind, Value = (_, _) => null, Min = -1000, Max = 1000 };
        return FieldReading.Read(field, document.RootElement.Clone());
    }
}
