namespace ContainerGroups.Host.Rest.Fields;

/// <summary>The words that stand for true and false in bodies and queries.</summary>
internal static class Booleans
{
    /// <summary>Null for a word that is neither. An empty text is false.</summary>
    public static bool? Read(string text) => text.ToUpperInvariant() switch
    {
        "T" or "TRUE" or "Y" or "YES" or "ON" or "1" => true,
        "F" or "FALSE" or "N" or "NO" or "OFF" or "0" or "" => false,
        _ => null,
    };
}
