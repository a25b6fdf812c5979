using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ContainerGroups.Host.Plugins;

/// <summary>The <c>plugin.json</c> of a plugin: what must be known before any of its code is loaded.</summary>
internal sealed partial record PluginManifest
{
    public const string FileName = "plugin.json";

    // Far above any honest manifest; keeps a file that is none out of memory.
    private const int MaxLength = 64 * 1024;

    private static readonly string[] Fields =
        ["id", "version", "contractVersion", "assembly", "displayName", "description", "publisher"];

    public required string Id { get; init; }

    public required string Version { get; init; }

    public required string ContractVersion { get; init; }

    public required string Assembly { get; init; }

    public string DisplayName { get; init; } = "";

    public string Description { get; init; } = "";

    public string Publisher { get; init; } = "";

    /// <summary>Reads and checks the manifest of a plugin folder.</summary>
    /// <exception cref="PluginRefusedException">It can't be read, or a field is wrong; the reason names every such field.</exception>
    public static PluginManifest Read(PluginFiles files)
    {
        using var document = Parse(files);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new PluginRefusedException($"{FileName} must hold a JSON object.");
        }

        var errors = new List<string>();
        var manifest = new PluginManifest
        {
            Id = Text(root, "id", required: true, errors),
            Version = Text(root, "version", required: true, errors),
            ContractVersion = Text(root, "contractVersion", required: true, errors),
            Assembly = Text(root, "assembly", required: true, errors),
            DisplayName = Text(root, "displayName", required: false, errors),
            Description = Text(root, "description", required: false, errors),
            Publisher = Text(root, "publisher", required: false, errors),
        };
        manifest.Check(files, errors);
        // A later contract may know more fields: then its version is what to tell, and that is the caller's.
        if (manifest.IsSupported())
        {
            errors.AddRange(root.EnumerateObject().Where(field => !Fields.Contains(field.Name))
                .Select(field => $"'{field.Name}' is no field of it"));
        }

        return errors.Count == 0
            ? manifest
            : throw new PluginRefusedException($"{FileName}: {string.Join("; ", errors)}.");
    }

    /// <summary>Whether this server's contract can serve the plugin.</summary>
    public bool IsSupported() => TryParseContract(ContractVersion, out var major, out var minor)
        && major == Abstractions.ContractVersion.Major
        && minor <= Abstractions.ContractVersion.Minor;

    private static JsonDocument Parse(PluginFiles files)
    {
        try
        {
            // Before it is read: it may be anything.
            if (files.Directory is { } directory && new FileInfo(Path.Combine(directory, FileName)) is { Exists: true, Length: > MaxLength })
            {
                throw new PluginRefusedException($"{FileName} is longer than {MaxLength} bytes.");
            }

            return JsonDocument.Parse(new MemoryStream(files.Read(FileName)), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
        }
        catch (JsonException e)
        {
            throw new PluginRefusedException($"{FileName} is not valid JSON: {e.Message}", cause: e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PluginRefusedException($"There is no {FileName} in the folder.", cause: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginRefusedException($"{FileName} can't be read: {e.Message}", cause: e);
        }
    }

    private static string Text(JsonElement root, string field, bool required, List<string> errors)
    {
        if (!root.TryGetProperty(field, out var value))
        {
            if (required)
            {
                errors.Add($"'{field}' is missing");
            }

            return "";
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            errors.Add($"'{field}' must be a string");
            return "";
        }

        var text = value.GetString()!;
        if (required && text.Length == 0)
        {
            errors.Add($"'{field}' must not be empty");
        }

        return text;
    }

    private void Check(PluginFiles files, List<string> errors)
    {
        if (Id.Length > 0 && !IdForm().IsMatch(Id))
        {
            errors.Add("'id' must be lower-case letters, digits, '.', '_' and '-', beginning with a letter, at most 63 characters");
        }

        if (Version.Length > 0 && !VersionForm().IsMatch(Version))
        {
            errors.Add("'version' must be a version such as 1.2.3");
        }

        if (ContractVersion.Length > 0 && !TryParseContract(ContractVersion, out _, out _))
        {
            errors.Add($"'contractVersion' must be MAJOR.MINOR, such as {Abstractions.ContractVersion.Current}");
        }

        if (Assembly.Length == 0)
        {
            return;
        }

        if (Path.GetFileName(Assembly) != Assembly || !Assembly.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            errors.Add("'assembly' must be the name of a .dll file in the plugin's own folder");
        }
        else if (IsSupported() && !files.Contains(Assembly))
        {
            errors.Add($"'assembly' names {Assembly}, which is not in the folder");
        }
    }

    private static bool TryParseContract(string text, out int major, out int minor)
    {
        (major, minor) = (0, 0);
        var parts = text.Split('.');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out minor);
    }

    [GeneratedRegex(@"^[a-z][a-z0-9._-]{0,62}\z")]
    private static partial Regex IdForm();

    [GeneratedRegex(@"^[0-9]{1,9}(\.[0-9]{1,9}){1,3}([-+][0-9A-Za-z.+-]{1,100})?\z")]
    private static partial Regex VersionForm();
}
