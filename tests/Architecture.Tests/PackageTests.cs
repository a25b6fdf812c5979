using System.Text.Json;
using System.Xml.Linq;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Architecture.Tests;

/// <summary>
/// What is shipped of others: a package, or a licence, that is not listed here has to be looked at by somebody first. An update that
/// changes a licence fails here as well.
/// </summary>
internal sealed class PackageTests
{
    private static readonly string[] AllowedPackages =
    [
        "FluentValidation",
        "Microsoft.Bcl.AsyncInterfaces",
        "Microsoft.Data.Sqlite.Core",
        "Microsoft.EntityFrameworkCore",
        "Microsoft.EntityFrameworkCore.Abstractions",
        "Microsoft.EntityFrameworkCore.Analyzers",
        "Microsoft.EntityFrameworkCore.Relational",
        "Microsoft.EntityFrameworkCore.Sqlite",
        "Microsoft.EntityFrameworkCore.Sqlite.Core",
        "Microsoft.Extensions.DependencyModel",
        "Microsoft.OData.Core",
        "Microsoft.OData.Edm",
        "Microsoft.Spatial",
        "Npgsql",
        "Npgsql.EntityFrameworkCore.PostgreSQL",
        "SourceGear.sqlite3",
        "SQLitePCLRaw.bundle_e_sqlite3",
        "SQLitePCLRaw.config.e_sqlite3",
        "SQLitePCLRaw.core",
        "SQLitePCLRaw.provider.e_sqlite3",
        "System.CommandLine",
        "YamlDotNet",
    ];

    private static readonly string[] AllowedLicences = ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "PostgreSQL", "blessing"];

    // Packages that name no licence but carry its text; what it is was read by a person. SQLite is in the public domain (SPDX: blessing).
    private static readonly Dictionary<string, string> LicencesByText = new() { ["SourceGear.sqlite3"] = "blessing" };

    private static IEnumerable<string> ShippedProjects => Solution.Plugins
        .Append(Path.Combine(Repository.Root, "src", "Host"))
        .Append(Path.Combine(Repository.Root, "src", "Abstractions"));

    [Test]
    public void ShippedPackages_AreAllowed_AndSoAreTheirLicences()
    {
        var packages = ShippedProjects.SelectMany(PackagesOf).DistinctBy(package => package.Name).ToList();

        Assert.That(packages.Select(package => package.Name), Does.Contain("YamlDotNet"));
        Assert.That(packages.Select(package => package.Name).Except(AllowedPackages), Is.Empty);
        Assert.That(packages.Where(package => !AllowedLicences.Contains(package.Licence)), Is.Empty);
    }

    [Test]
    public void Contract_HasNoPackage() => Assert.That(PackagesOf(Path.Combine(Repository.Root, "src", "Abstractions")), Is.Empty);

    [Test]
    public void Versions_AreSetInOnePlace()
    {
        var projects = Solution.Files("*.csproj", Repository.Root, "src", "plugins", "tests", "tools").ToList();
        // The test plugins play third parties with versions of their own.
        var offenders = projects.Where(file => !file.Contains($"{Path.DirectorySeparatorChar}TestPlugins{Path.DirectorySeparatorChar}")
            && XDocument.Load(file).Descendants("PackageReference")
                .Any(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null));

        Assert.That(projects, Has.Count.GreaterThan(10));
        Assert.That(offenders, Is.Empty);
    }

    private static IEnumerable<(string Name, string Licence)> PackagesOf(string projectFolder)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(projectFolder, "obj", "project.assets.json")));
        var folder = assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
        return [.. from library in assets.RootElement.GetProperty("libraries").EnumerateObject()
            where library.Value.GetProperty("type").GetString() == "package"
            let name = library.Name.Split('/')[0]
            select (name, LicenceOf(name, Path.Combine(folder, library.Value.GetProperty("path").GetString()!)))];
    }

    private static string LicenceOf(string name, string packageFolder)
    {
        var licence = XDocument.Load(Directory.GetFiles(packageFolder, "*.nuspec").Single()).Descendants()
            .FirstOrDefault(element => element.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value == "expression" ? licence.Value : LicencesByText.GetValueOrDefault(name, "unknown");
    }
}
