using System.Text;
using System.Text.Json;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>The ways in which a secret may stand somewhere without looking like itself.</summary>
internal static class SecretForms
{
    public static IReadOnlySet<string> Of(string secret)
    {
        var forms = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in secret.Split('\n', StringSplitOptions.TrimEntries).Append(secret).Where(IsTelling))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            forms.Add(text);
            forms.Add(Uri.EscapeDataString(text));
            forms.Add(JsonSerializer.Serialize(text)[1..^1]);
            forms.Add(text.Replace("'", "'\\''", StringComparison.Ordinal));
            forms.Add(Convert.ToHexStringLower(bytes));
            for (var alignment = 0; alignment < 3; alignment++)
            {
                // The first and the last characters depend on what stands beside the secret.
                var encoded = Convert.ToBase64String([.. new byte[alignment], .. bytes]).TrimEnd('=');
                forms.Add(encoded[(alignment == 0 ? 0 : alignment + 1)..^2]);
            }
        }

        return forms;
    }

    /// <summary>The first and last lines of keys and certificates are everybody's.</summary>
    private static bool IsTelling(string line) => line.Length >= 8 && (line.Contains('\n') || !line.StartsWith("-----", StringComparison.Ordinal));

    /// <summary>Which forms of which secrets stand in a text.</summary>
    public static IEnumerable<string> FoundIn(string text, IEnumerable<string> secrets) =>
        secrets.SelectMany(Of).Where(form => text.Contains(form, StringComparison.Ordinal));
}
