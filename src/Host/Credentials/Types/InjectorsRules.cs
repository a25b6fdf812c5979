using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Credentials.Injection;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Credentials.Types;

/// <summary>What makes the <c>injectors</c> of a user-defined type legal: every template can be rendered, no variable harms the job.</summary>
internal sealed class InjectorsRules(FieldErrors errors, IReadOnlyList<InputField> fields)
{
    private const string Name = "injectors";
    private const string OneTemplate = "template";

    // What a job's own program, Ansible or the server depends on.
    private static readonly HashSet<string> Blocked = new(StringComparer.Ordinal)
    {
        "VIRTUAL_ENV", "PATH", "PYTHONPATH", "HOME", "LD_PRELOAD", "LD_LIBRARY_PATH", "JOB_ID", "INVENTORY_ID", "INVENTORY_SOURCE_ID",
        "INVENTORY_UPDATE_ID", "AD_HOC_COMMAND_ID", "REST_API_URL", "REST_API_TOKEN", "MAX_EVENT_RES", "CALLBACK_QUEUE",
        "CALLBACK_CONNECTION", "CACHE", "JOB_CALLBACK_DEBUG", "INVENTORY_HOSTVARS", "AWX_HOST", "PROJECT_REVISION",
    };

    private readonly HashSet<string> _names = [.. fields.Select(field => field.Id)];

    public void Check(JsonElement injectors)
    {
        if (injectors.ValueKind != JsonValueKind.Object)
        {
            Add("An object with 'file', 'env' and 'extra_vars' is expected.");
            return;
        }

        if (injectors.TryGetProperty("file", out var files))
        {
            CheckFiles(files);
        }

        foreach (var member in injectors.EnumerateObject())
        {
            switch (member.Name)
            {
                case "file": break;
                case "env": CheckEnvironment(member.Value); break;
                case "extra_vars": CheckVariables(member.Value); break;
                default: Add($"Additional properties are not allowed ('{member.Name}' was unexpected)"); break;
            }
        }
    }

    private void CheckFiles(JsonElement files)
    {
        if (!IsObject(files, "file"))
        {
            return;
        }

        var names = files.EnumerateObject().Select(file => file.Name).ToList();
        foreach (var name in names.Where(name => name != OneTemplate && !IsNamedTemplate(name)))
        {
            Add($"file: '{name}' is not 'template' or 'template.NAME'");
        }

        if (names.Contains(OneTemplate) && names.Count > 1)
        {
            Add("Must use multi-file syntax when injecting multiple files");
        }

        // Files may not name each other; what else names them comes after.
        foreach (var file in files.EnumerateObject())
        {
            CheckTemplate($"file {file.Name}", file.Value);
        }

        _names.UnionWith(names.Select(name => name == OneTemplate ? "tower.filename" : "tower.filename." + name[(OneTemplate.Length + 1)..]));
    }

    private void CheckEnvironment(JsonElement environment)
    {
        if (!IsObject(environment, "env"))
        {
            return;
        }

        foreach (var variable in environment.EnumerateObject())
        {
            if (!InputsRules.VariableName().IsMatch(variable.Name))
            {
                Add($"{variable.Name} is an invalid environment variable name");
            }
            else if (Blocked.Contains(variable.Name) || variable.Name.StartsWith("SUPERVISOR_", StringComparison.Ordinal))
            {
                Add($"Environment variable {variable.Name} is not allowed to be used in credentials.");
            }
            else if (variable.Name.StartsWith("ANSIBLE_", StringComparison.Ordinal))
            {
                Add($"Environment variable {variable.Name} may affect Ansible configuration so its use is not allowed in credentials.");
            }

            CheckTemplate($"env {variable.Name}", variable.Value);
            if (variable.Value.ValueKind == JsonValueKind.String && !System.Text.Ascii.IsValid(variable.Value.GetString()))
            {
                Add($"env {variable.Name}: only ASCII is allowed");
            }
        }
    }

    private void CheckVariables(JsonElement variables)
    {
        if (!IsObject(variables, "extra_vars"))
        {
            return;
        }

        foreach (var variable in variables.EnumerateObject())
        {
            if (!InputsRules.VariableName().IsMatch(variable.Name))
            {
                Add($"{variable.Name} is an invalid variable name");
            }

            CheckVariable(variable.Name, variable.Value);
        }
    }

    /// <summary>Variables may nest; every text in them is a template.</summary>
    private void CheckVariable(string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    CheckVariable($"{path}.{member.Name}", member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    CheckVariable(path, item);
                }

                break;
            default:
                CheckTemplate($"extra_vars {path}", value);
                break;
        }
    }

    private void CheckTemplate(string where, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String)
        {
            Add($"{where}: {json.GetRawText()} is not of type 'string'");
            return;
        }

        if (InputTemplate.Parse(json.GetString()!, out var error) is not { } template)
        {
            Add($"Syntax error rendering template for {where}: {error}");
            return;
        }

        foreach (var unknown in template.Names.Where(name => !_names.Contains(name)).Distinct(StringComparer.Ordinal))
        {
            Add($"{where} uses an undefined field ('{unknown}' is undefined)");
        }
    }

    private bool IsObject(JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Add($"'{name}' must be an object.");
        }

        return json.ValueKind == JsonValueKind.Object;
    }

    private static bool IsNamedTemplate(string name) =>
        name.StartsWith(OneTemplate + ".", StringComparison.Ordinal) && InputsRules.VariableName().IsMatch(name[(OneTemplate.Length + 1)..]);

    private void Add(string message) => errors.Add(Name, message);
}
