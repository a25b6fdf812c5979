using System.Text;
using ContainerGroups.Host.Ansible;

namespace ContainerGroups.Host.Cli;

/// <summary>What <c>-i</c> names, files and lists of hosts, as the one text that an inventory's <c>source</c> takes.</summary>
internal sealed record InventoryText(string Name, string Text)
{
    /// <summary>What Ansible calls the implicit localhost, written out, because the server keeps inventories as text.</summary>
    private static readonly InventoryText Localhost = new(
        "localhost", "localhost ansible_connection=local ansible_python_interpreter=\"{{ ansible_playbook_python }}\"\n");

    /// <exception cref="CliException">A file is not there, or the texts can't be put together.</exception>
    public static InventoryText Read(IReadOnlyList<string> arguments)
    {
        var parts = arguments.Select(ReadOne).ToList();
        switch (parts.Count)
        {
            case 0:
                return Localhost;
            case 1:
                return parts[0];
            default:
                if (parts.Find(part => part.IsYaml) is { } yaml)
                {
                    throw Refused($"Several inventories at once have to be INI files or lists of hosts, and {yaml.Name} is YAML.");
                }

                // Each begins outside of any section, wherever the one before it ended.
                return new InventoryText(string.Join(", ", parts.Select(part => part.Name)), string.Join("\n[ungrouped]\n", parts.Select(part => part.Text)));
        }
    }

    private bool IsYaml => Path.GetExtension(Name) is ".yml" or ".yaml" or ".json" || Text.TrimStart().StartsWith("---", StringComparison.Ordinal);

    private static InventoryText ReadOne(string argument)
    {
        if (argument.Contains(',', StringComparison.Ordinal) && !File.Exists(argument))
        {
            var hosts = argument.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new InventoryText(argument.Trim(','), string.Concat(hosts.Select(host => host + "\n")));
        }

        if (Directory.Exists(argument))
        {
            throw Refused($"The inventory {argument} is a directory; name the files in it, each with its own -i.");
        }

        try
        {
            if ((File.GetUnixFileMode(argument) & UnixFileMode.UserExecute) != 0 && StartsAsProgram(argument))
            {
                throw Refused($"The inventory {argument} is a program; give its output as a file: {ShellWords.Quote(argument)} --list > inventory.json");
            }

            return new InventoryText(Path.GetFileName(argument), File.ReadAllText(argument, Encoding.UTF8));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refused($"The inventory {argument} does not exist (a list of hosts ends in a comma: -i {argument},).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused($"The inventory {argument} can't be read: {e.Message}");
        }
    }

    private static bool StartsAsProgram(string path)
    {
        using var file = File.OpenRead(path);
        return file.ReadByte() == '#' && file.ReadByte() == '!';
    }

    private static CliException Refused(string message) => new(ExitCodes.BadRequest, message);
}
