using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>
/// The secrets that one call hands to a plugin. What the plugin's own faults say may hold them (a header that can't be parsed is quoted
/// in the exception), and goes to logs and job explanations: they are taken out first.
/// </summary>
internal sealed class CallSecrets
{
    public static readonly CallSecrets None = new([]);

    private const string Mask = "***";

    // Shorter ones are in every second sentence by chance.
    private const int MinLength = 4;

    private readonly string[] _secrets;

    private CallSecrets(IEnumerable<string> secrets) =>
        // Longest first: a secret may hold another. Of several lines, each may be told alone.
        _secrets = [.. secrets.SelectMany(secret => secret.Split('\n', StringSplitOptions.TrimEntries).Append(secret))
            .Where(secret => secret.Length >= MinLength).Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length)];

    /// <param name="inputs">The values of a credential.</param>
    /// <param name="fields">Its type's schema, which tells the secrets; null when it isn't known: then everything is one.</param>
    public static CallSecrets Of(InputValues inputs, IReadOnlyList<InputField>? fields) => new(SecretsIn(inputs, fields));

    /// <summary>The same and the variables of a program, any of which may be secret.</summary>
    public CallSecrets With(StartRequest request) => new(_secrets.Concat(request.Environment.Values));

    public bool AreIn(string text) => _secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal));

    public string RemoveFrom(string text) =>
        _secrets.Aggregate(text, (rest, secret) => rest.Replace(secret, Mask, StringComparison.Ordinal));

    private static IEnumerable<string> SecretsIn(InputValues inputs, IReadOnlyList<InputField>? fields)
    {
        foreach (var id in inputs.Ids)
        {
            var secret = fields?.FirstOrDefault(field => field.Id == id)?.Secret ?? true;
            if (secret && inputs.TryGet(id, out var value) && value is string text)
            {
                yield return text;
            }
        }
    }
}
