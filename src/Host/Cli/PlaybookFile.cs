using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ContainerGroups.Host.Cli;

/// <summary>The playbook on this machine: there, readable, and YAML, before anything is uploaded.</summary>
internal sealed record PlaybookFile(string Directory, string Name)
{
    /// <param name="path">As it was given.</param>
    /// <param name="projectDirectory">The directory to upload; null for the playbook's own.</param>
    /// <exception cref="CliException">It isn't usable; the message says why.</exception>
    public static PlaybookFile Find(string path, string? projectDirectory)
    {
        var file = Path.GetFullPath(path);
        if (!File.Exists(file))
        {
            throw Refused(System.IO.Directory.Exists(file) ? $"The playbook {path} is a directory." : $"The playbook {path} does not exist.");
        }

        CheckYaml(file, path);
        var root = projectDirectory is null ? Path.GetDirectoryName(file)! : Path.GetFullPath(projectDirectory);
        if (!System.IO.Directory.Exists(root))
        {
            throw Refused($"The project directory {projectDirectory} does not exist.");
        }

        var name = Path.GetRelativePath(root, file);
        return name.StartsWith("..", StringComparison.Ordinal)
            ? throw Refused($"The playbook {path} is not inside the project directory {projectDirectory}.")
            : new PlaybookFile(root, name);
    }

    /// <summary>Ansible's own message of a syntax error is a dozen lines; this is the one that matters.</summary>
    private static void CheckYaml(string file, string shown)
    {
        try
        {
            using var reader = new StreamReader(file);
            var parser = new Parser(reader);
            parser.Consume<StreamStart>();
            if (!parser.Accept<DocumentStart>(out _))
            {
                throw Refused($"The playbook {shown} is empty.");
            }

            parser.Consume<DocumentStart>();
            if (!parser.Accept<SequenceStart>(out _))
            {
                throw Refused($"The playbook {shown} is not a list of plays.");
            }

            while (parser.MoveNext())
            {
                // Every event is parsed once; that none throws is what is asked.
            }
        }
        catch (YamlException e)
        {
            throw Refused($"The playbook {shown} is not valid YAML at line {e.Start.Line}, column {e.Start.Column}: {e.Message.ReplaceLineEndings(" ")}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused($"The playbook {shown} can't be read: {e.Message}");
        }
    }

    private static CliException Refused(string message) => new(ExitCodes.BadRequest, message);
}
