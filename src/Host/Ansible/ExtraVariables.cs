using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Credentials;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ContainerGroups.Host.Ansible;

/// <summary>A job's extra variables: the text goes to Ansible as it was written, so that Ansible alone says what it means.</summary>
internal static class ExtraVariables
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    /// <summary>The variables with the answers to a survey's password questions where they were hidden.</summary>
    /// <param name="text">The job's.</param>
    /// <param name="passwords">What was given at launch, by name.</param>
    public static string WithAnswers(string text, IReadOnlyDictionary<string, string> passwords)
    {
        var answers = passwords.Select(password => (Variable: LaunchPasswords.SurveyVariable(password.Key), password.Value)).Where(answer => answer.Variable is not null).ToList();
        if (answers.Count == 0)
        {
            return text;
        }

        // A job with answers has its variables as JSON.
        var variables = JsonNode.Parse(text, documentOptions: Deep)!.AsObject();
        foreach (var (variable, answer) in answers)
        {
            variables[variable!] = answer;
        }

        return variables.ToJsonString();
    }

    /// <summary>Whether there are any; Ansible refuses a file that is empty, or only a document marker or a comment.</summary>
    public static bool Any(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        try
        {
            var yaml = new YamlStream();
            using var reader = new StringReader(text);
            yaml.Load(reader);
            return yaml.Documents.Count > 0 && yaml.Documents[0].RootNode is not YamlScalarNode { Value: null or "" or "~" or "null" };
        }
        catch (YamlException)
        {
            // Checked at launch; if it got here all the same, Ansible's own message is the best there is.
            return true;
        }
    }
}
