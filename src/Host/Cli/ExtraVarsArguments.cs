using System.Text.Json.Nodes;
using ContainerGroups.Host.Inventories;

namespace ContainerGroups.Host.Cli;

/// <summary>What <c>-e</c> says, all of it, as the one text that a job's <c>extra_vars</c> takes; later ones win.</summary>
internal static class ExtraVarsArguments
{
    /// <exception cref="CliException">One can't be read or understood.</exception>
    public static string Read(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            return "";
        }

        if (arguments is [['@', .. var single]])
        {
            // Alone, a file goes as it is, comments and all.
            var text = ReadFile(single);
            _ = Parse(text, arguments[0]);
            return text;
        }

        var all = new JsonObject();
        foreach (var argument in arguments)
        {
            foreach (var (name, value) in ReadOne(argument))
            {
                all[name] = value?.DeepClone();
            }
        }

        return all.ToJsonString();
    }

    private static JsonObject ReadOne(string argument)
    {
        if (argument.StartsWith('@'))
        {
            return Parse(ReadFile(argument[1..]), argument);
        }

        return argument.TrimStart() is ['{', ..] or ['-', '-', '-', ..] ? Parse(argument, "the value") : Pairs(argument);
    }

    /// <summary>Words as <c>name=value</c>: every value is a text, as with ansible-playbook.</summary>
    private static JsonObject Pairs(string argument)
    {
        var variables = new JsonObject();
        foreach (var word in ShellSplit.Words(argument))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Refused($"-e takes name=value, @FILE, YAML or JSON, not {word}.");
            }

            variables[word[..equals].Trim()] = word[(equals + 1)..];
        }

        return variables;
    }

    private static JsonObject Parse(string text, string source)
    {
        try
        {
            return VariablesText.Parse(text);
        }
        catch (VariablesException e)
        {
            throw Refused($"-e {source} is no mapping of names to values: {e.Message}");
        }
    }

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Refused($"-e @{path} can't be read: {e.Message}");
        }
    }

    private static CliException Refused(string message) => new(ExitCodes.BadRequest, message);
}
