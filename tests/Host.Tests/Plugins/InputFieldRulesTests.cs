using ContainerGroups.Abstractions;
using ContainerGroups.Host.Plugins;

namespace ContainerGroups.Host.Tests.Plugins;

internal sealed class InputFieldRulesTests
{
    private static readonly InputField Sound = new() { Id = "region", Label = "Region" };

    private static IEnumerable<TestCaseData> Unsound =>
    [
        new TestCaseData(Sound with { Id = "1st" }, "must be letters").SetArgDisplayNames("id"),
        new TestCaseData(Sound with { Id = "" }, "must be letters").SetArgDisplayNames("empty id"),
        new TestCaseData(Sound with { Type = InputFieldType.Boolean, Secret = true }, "only strings").SetArgDisplayNames("secret boolean"),
        new TestCaseData(Sound with { Type = InputFieldType.Integer, Choices = ["1"] }, "only strings").SetArgDisplayNames("integer with choices"),
        new TestCaseData(Sound with { Type = InputFieldType.Integer, Default = 7 }, "Int32").SetArgDisplayNames("default of another width"),
        new TestCaseData(Sound with { Default = true }, "Boolean").SetArgDisplayNames("default of another type"),
        new TestCaseData(Sound with { Choices = ["a"], Default = "b" }, "none of its choices").SetArgDisplayNames("default no choice"),
    ];

    [TestCaseSource(nameof(Unsound))]
    public void UnsoundField_IsNamedWithItsFault(InputField field, string fault) =>
        Assert.That(InputFieldRules.Check([field]), Has.One.Contains(fault).And.One.Contains($"'{field.Id}'"));

    [Test]
    public void SameIdTwice_IsAFault() => Assert.That(InputFieldRules.Check([Sound, Sound]), Has.One.Contains("'region' is there twice"));

    [Test]
    public void SoundFields_HaveNoFault() => Assert.That(
        InputFieldRules.Check(
        [
            Sound with { Secret = true, Multiline = true, Format = "url", Choices = ["a", "b"], Default = "a" },
            new InputField { Id = "Port_2", Label = "Port", Type = InputFieldType.Integer, Default = 7L },
            new InputField { Id = "tls", Label = "TLS", Type = InputFieldType.Boolean, Default = true, Required = true },
        ]),
        Is.Empty);
}
