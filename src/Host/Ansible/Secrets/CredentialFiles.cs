using System.Security.Cryptography;
using System.Text;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Injection;

namespace ContainerGroups.Host.Ansible.Secrets;

/// <summary>
/// What a job's credentials add to its payload: files that only their owner can read, variables, and a script that says where the
/// files are, since only the environment knows its own place. Nothing secret of it stands in an argument.
/// </summary>
internal sealed class CredentialFiles
{
    /// <summary>Relative to the root of the payload.</summary>
    private const string Directory = ".containergroups";

    private const string Script = Directory + "/start.sh";
    private const string VariablesFile = Directory + "/extra_vars.yml";

    // Stands for the root of the payload until the script knows it; a guess at it is no use to anybody.
    private readonly string _here = $"@{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}@";
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);
    private readonly System.Text.Json.Nodes.JsonObject _variables = [];

    public CredentialFiles(IEnumerable<OpenCredential> credentials, CredentialInjector injector)
    {
        foreach (var credential in credentials)
        {
            var prefix = $"{Directory}/credential_{credential.Id}_";
            var injection = injector.Inject(credential, id => $"{_here}/{prefix}{id}");
            foreach (var (id, content) in injection.Files)
            {
                _files[prefix + id] = content;
            }

            foreach (var (name, value) in injection.Environment)
            {
                _environment[name] = value;
                _shown[name] = injection.ShownEnvironment[name].Replace(_here, ".", StringComparison.Ordinal);
            }

            foreach (var (name, value) in injection.ExtraVars)
            {
                _variables[name] = value?.DeepClone();
            }
        }
    }

    /// <summary>The variables that don't depend on the place.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment => _environment.Where(variable => !IsPlaced(variable.Value));

    /// <summary>All of them, as people may see them.</summary>
    public IEnumerable<KeyValuePair<string, string>> ShownEnvironment => _shown;

    /// <summary>Whether Ansible gets variables.</summary>
    public bool HasVariables => _variables.Count > 0;

    /// <summary>The file of the variables.</summary>
    /// <param name="root">The way to the payload's root from where the program runs, with its slash, or empty.</param>
    public static string VariablesArgument(string root) => $"@{root}{VariablesFile}";

    /// <summary>Names and contents.</summary>
    public IEnumerable<KeyValuePair<string, string>> Files(bool withVariables)
    {
        foreach (var file in _files)
        {
            yield return file;
        }

        if (withVariables && HasVariables && !IsPlaced(VariablesText))
        {
            yield return new(VariablesFile, VariablesText);
        }

        if (NeedsScript(withVariables))
        {
            yield return new(Script, ScriptText(withVariables));
        }
    }

    /// <summary>The command that finds out the place and goes on with the given one.</summary>
    public IReadOnlyList<string> Wrap(IReadOnlyList<string> command, bool withVariables) =>
        NeedsScript(withVariables) ? ["sh", Script, .. command] : command;

    private string VariablesText => UnsafeYaml.Write(_variables);

    private bool NeedsScript(bool withVariables) =>
        _environment.Values.Any(IsPlaced) || (withVariables && HasVariables && IsPlaced(VariablesText));

    private bool IsPlaced(string text) => text.Contains(_here, StringComparison.Ordinal);

    /// <summary>Built-ins of the shell alone: no other program sees what they are given.</summary>
    private string ScriptText(bool withVariables)
    {
        var script = new StringBuilder("here=$(pwd -P) || exit 1\n");
        foreach (var (name, value) in _environment.Where(variable => IsPlaced(variable.Value)))
        {
            script.Append(name).Append('=').Append(Quote(value)).Append("\nexport ").Append(name).Append('\n');
        }

        if (withVariables && HasVariables && IsPlaced(VariablesText))
        {
            script.Append("(umask 077; printf %s ").Append(Quote(VariablesText)).Append(" > ").Append(VariablesFile).Append(") || exit 1\n");
        }

        return script.Append("exec \"$@\"\n").ToString();
    }

    private string Quote(string text) => string.Join(
        "\"$here\"", text.Split(_here).Select(part => $"'{part.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
}
