namespace ContainerGroups.Host.Credentials.Keys;

/// <summary>The keys at hand: what is encrypted now takes the first, what was encrypted before takes any of them.</summary>
internal sealed record SecretKeyRing(IReadOnlyList<SecretKey> Keys)
{
    private static readonly char[] Separators = [',', ' ', '\t', '\r', '\n'];

    public SecretKey Current => Keys[0];

    /// <summary>Whether an exchange of the key is under way.</summary>
    public bool IsRotating => Keys.Count > 1;

    public SecretKey? Find(string id) => Keys.FirstOrDefault(key => key.Id == id);

    /// <summary>Reads keys in Base64, separated by white space or commas; lines that begin with <c>#</c> are for people. Null when it is
    /// anything else.</summary>
    public static SecretKeyRing? Parse(string text)
    {
        var words = text.Split('\n').Where(line => !line.TrimStart().StartsWith('#'))
            .SelectMany(line => line.Split(Separators, StringSplitOptions.RemoveEmptyEntries)).ToList();
        var keys = words.Select(SecretKey.Parse).ToList();
        return keys.Count > 0 && keys.All(key => key is not null) ? new SecretKeyRing([.. keys.Select(key => key!)]) : null;
    }

    public string ToText() =>
        "# The key of this installation's secrets. Who has it can read them; who loses it can't.\n"
        + string.Concat(Keys.Select(key => key.ToBase64() + "\n"));
}
