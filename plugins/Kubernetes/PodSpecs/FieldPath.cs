using System.Text;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Writes the path of a field as Kubernetes' own messages and JSONPath do: <c>spec.containers[0].image</c>, and
/// <c>metadata.labels['app.kubernetes.io/name']</c> where a key is no plain word.</summary>
internal static class FieldPath
{
    public const string Root = "";

    public static string Of(string parent, string key)
    {
        if (!IsWord(key))
        {
            return new StringBuilder(parent).Append("['").Append(key.Replace("\\", "\\\\").Replace("'", "\\'")).Append("']").ToString();
        }

        return parent.Length == 0 ? key : $"{parent}.{key}";
    }

    public static string Of(string parent, int index) => $"{parent}[{index}]";

    private static bool IsWord(string key) =>
        key.Length > 0 && !char.IsAsciiDigit(key[0]) && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$');
}
