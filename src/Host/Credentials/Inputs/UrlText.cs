namespace ContainerGroups.Host.Credentials.Inputs;

/// <summary>What is wrong with a URL, in AWX's words.</summary>
internal static class UrlText
{
    /// <summary>Null when it is one.</summary>
    public static string? FaultOf(string text)
    {
        var scheme = text.IndexOf(':', StringComparison.Ordinal);
        if (scheme <= 0 || !Uri.CheckSchemeName(text[..scheme]) || !text.AsSpan(scheme + 1).StartsWith("/"))
        {
            return "Invalid URL: Missing url scheme (http, https, etc.)";
        }

        var authority = text[(scheme + 1)..].TrimStart('/').Split('/')[0];
        if (authority.Contains('[') != authority.Contains(']'))
        {
            return "Invalid IPv6 URL";
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0 && text.AsSpan(scheme).StartsWith("://")
            ? null
            : $"Invalid URL: {text}";
    }
}
