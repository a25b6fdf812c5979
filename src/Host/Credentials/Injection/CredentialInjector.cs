using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Plugins;

namespace ContainerGroups.Host.Credentials.Injection;

/// <summary>Renders what a credential puts into a job: by its plugin, or by the injectors of a user's own type.</summary>
internal sealed partial class CredentialInjector(PluginCatalog plugins)
{
    public const string Mask = "**********";

    private const string FileNames = "tower.filename";
    private const string OneFile = "template";

    [GeneratedRegex(@"\{\{file:([A-Za-z0-9_]+)\}\}")]
    private static partial Regex FileReference();

    /// <param name="credential">In clear.</param>
    /// <param name="pathOf">Where the job will find the file of an id.</param>
    /// <exception cref="BackendException">The plugin failed.</exception>
    public CredentialInjection Inject(OpenCredential credential, Func<string, string> pathOf)
    {
        if (credential.Namespace is null)
        {
            return Render(credential, pathOf);
        }

        return plugins.TryGetCredentialType(credential.Namespace, out var type) && type is IJobInjector injector
            ? FromPlugin(injector.Inject(credential.Values), credential, pathOf)
            : new CredentialInjection();
    }

    private static CredentialInjection FromPlugin(JobInjection given, OpenCredential credential, Func<string, string> pathOf)
    {
        var injection = new CredentialInjection();
        var secrets = credential.Secrets.ToList();
        foreach (var (name, text) in given.Environment)
        {
            injection.Environment[name] = WithPaths(text, pathOf);
            injection.ShownEnvironment[name] = secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)) ? Mask : WithPaths(text, pathOf);
        }

        foreach (var (name, text) in given.ExtraVars)
        {
            injection.ExtraVars[name] = WithPaths(text, pathOf);
        }

        foreach (var (id, content) in given.Files)
        {
            injection.Files[id] = content;
        }

        return injection;
    }

    private static string WithPaths(string text, Func<string, string> pathOf) =>
        FileReference().Replace(text, match => pathOf(match.Groups[1].Value));

    private static CredentialInjection Render(OpenCredential credential, Func<string, string> pathOf)
    {
        var injectors = JsonNode.Parse(credential.Injectors)!.AsObject();
        var injection = new CredentialInjection();
        foreach (var (name, template) in Members(injectors, "file"))
        {
            injection.Files[name == OneFile ? name : name[(OneFile.Length + 1)..]] = Text(template, field => Value(credential, field, masked: false));
        }

        foreach (var (name, template) in Members(injectors, "env"))
        {
            injection.Environment[name] = Text(template, field => Named(credential, field, pathOf, masked: false));
            injection.ShownEnvironment[name] = Text(template, field => Named(credential, field, pathOf, masked: true));
        }

        foreach (var (name, template) in Members(injectors, "extra_vars"))
        {
            injection.ExtraVars[name] = Variable(template, field => Named(credential, field, pathOf, masked: false));
        }

        return injection;
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonObject injectors, string part) =>
        injectors[part] is JsonObject members ? members : [];

    private static JsonNode? Variable(JsonNode? template, Func<string, string?> value) => template switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Variable(member.Value, value)))),
        JsonArray items => new JsonArray([.. items.Select(item => Variable(item, value))]),
        _ => JsonValue.Create(Text(template, value)),
    };

    /// <summary>Templates were checked when the type was stored.</summary>
    private static string Text(JsonNode? template, Func<string, string?> value) =>
        InputTemplate.Parse(template?.ToString() ?? "", out _)?.Render(value) ?? "";

    private static string? Named(OpenCredential credential, string name, Func<string, string> pathOf, bool masked) => name switch
    {
        FileNames => pathOf(OneFile),
        _ when name.StartsWith(FileNames + ".", StringComparison.Ordinal) => pathOf(name[(FileNames.Length + 1)..]),
        _ => Value(credential, name, masked),
    };

    /// <summary>A field without a value is empty, and a missing truth is false, as in AWX.</summary>
    private static string? Value(OpenCredential credential, string id, bool masked)
    {
        if (credential.Fields.FirstOrDefault(input => input.Id == id) is not { } input)
        {
            return null;
        }

        if (!credential.Values.TryGet(id, out var value))
        {
            return input.Type == InputFieldType.Boolean ? "False" : "";
        }

        return masked && input.Secret ? Mask : value is bool flag ? (flag ? "True" : "False") : value.ToString();
    }
}
