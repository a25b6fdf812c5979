namespace ContainerGroups.Host.Access.Tokens;

/// <summary>What a token may be used for: the words <c>read</c> and <c>write</c>, separated by blanks.</summary>
internal static class TokenScope
{
    public const string Default = "write";

    /// <summary>What a client gets that asks for nothing in particular.</summary>
    public const string Everything = "read write";

    public const string Rule = "Must be a simple space-separated string with allowed scopes ['read', 'write'].";

    public static bool IsValid(string scope) =>
        Words(scope) is { Length: > 0 } words && words.Distinct().Count() == words.Length && words.All(word => word is "read" or "write");

    public static bool MayWrite(string scope) => Words(scope).Contains("write");

    /// <summary>Whether a scope asks for nothing that another one lacks.</summary>
    public static bool IsWithin(string scope, string other) => MayWrite(other) || !MayWrite(scope);

    private static string[] Words(string scope) => scope.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
