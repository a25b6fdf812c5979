using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using ContainerGroups.Host.Hosting;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Configuration;

namespace ContainerGroups.Host.Tests.Hosting;

/// <summary>One list of settings in three places: the code, <c>appsettings.json</c>, <c>docs/operations.md</c>.</summary>
public sealed partial class SettingsTests
{
    private static readonly string SettingsFile = Path.Combine(Repository.Root, "appsettings.json");

    [Test]
    public void EveryKeyOfAppsettings_IsDocumented_AndNoOther()
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(SettingsFile));
        var documented = DocumentedKey().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"))).Select(match => match.Groups[1].Value);

        // What a plugin calls its own settings is not ours to list.
        Assert.That(documented.Except(["Plugins:Settings:ID:KEY"]), Is.EquivalentTo(Keys(settings.RootElement, "")));
    }

    [TestCaseSource(nameof(OptionClasses))]
    public void EveryOption_IsInAppsettings_WithTheValueThatItHasAnyway(Type type)
    {
        var section = (string)type.GetField("Section")!.GetRawConstantValue()!;
        using var settings = JsonDocument.Parse(File.ReadAllText(SettingsFile));
        var written = Find(settings.RootElement, section) is { ValueKind: JsonValueKind.Object } found
            ? found.EnumerateObject().Where(setting => !IsSection($"{section}:{setting.Name}")).Select(setting => setting.Name).ToList()
            : [];
        var properties = type.GetProperties().Where(IsSetting).ToList();
        Assert.That(written, Is.EquivalentTo(properties.Select(property => property.Name)), section);

        var bound = new ConfigurationBuilder().AddJsonFile(SettingsFile).Build().GetSection(section).Get(type)!;
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in properties)
        {
            Assert.That(property.GetValue(bound), Is.EqualTo(property.GetValue(defaults)), $"{section}:{property.Name}");
        }
    }

    [Test]
    public void OptionClasses_AreFound() => Assert.That(OptionClasses(), Has.Count.GreaterThanOrEqualTo(4));

    private static IReadOnlyList<Type> OptionClasses() =>
        [.. typeof(HostingOptions).Assembly.GetTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetField("Section") is not null)];

    private static bool IsSection(string path) =>
        OptionClasses().Any(type => (string)type.GetField("Section")!.GetRawConstantValue()! == path);

    private static JsonElement Find(JsonElement root, string section)
    {
        foreach (var name in section.Split(':'))
        {
            if (!root.TryGetProperty(name, out root))
            {
                return default;
            }
        }

        return root;
    }

    /// <summary>What the binder fills: a setter, or a list of its own.</summary>
    private static bool IsSetting(PropertyInfo property) =>
        property.CanWrite || (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(List<>));

    private static IEnumerable<string> Keys(JsonElement element, string path) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(property => Keys(property.Value, path.Length == 0 ? property.Name : $"{path}:{property.Name}"))
        : [path];

    [GeneratedRegex(@"^\| `([A-Z][A-Za-z:]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedKey();
}
