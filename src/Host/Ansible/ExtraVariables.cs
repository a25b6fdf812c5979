using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ContainerGroups.Host.Ansible;

/// <summary>A job's extra variables: the text goes to Ansible as it was written, so that Ansible alone says what it means.</summary>
internal static class ExtraVariables
{
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
