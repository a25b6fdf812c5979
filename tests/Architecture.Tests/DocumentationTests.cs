using System.Text.Json;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Architecture.Tests;

internal sealed class DocumentationTests
{
    [Test]
    public void EverySetting_IsInTheOperatorsTable()
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "appsettings.json")));
        var documentation = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        var keys = KeysOf(settings.RootElement, "").ToList();

        Assert.That(keys, Does.Contain("Plugins:Directories"));
        Assert.That(keys.Where(key => !documentation.Contains($"| `{key}` |", StringComparison.Ordinal)), Is.Empty);
    }

    private static IEnumerable<string> KeysOf(JsonElement element, string path) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(property => KeysOf(property.Value, path.Length == 0 ? property.Name : $"{path}:{property.Name}"))
        : [path];
}
