using System.Text;

namespace ContainerGroups.Host.Access;

/// <summary>A name and a secret as the header <c>Authorization: Basic</c> carries them.</summary>
internal static class BasicCredentials
{
    /// <summary>The header's scheme in capitals, and the rest.</summary>
    public static (string Scheme, string Value) Split(string header)
    {
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (header.ToUpperInvariant(), "") : (header[..space].ToUpperInvariant(), header[(space + 1)..].Trim());
    }

    /// <summary>What the header says; null when it isn't of that form.</summary>
    public static (string Name, string Secret)? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
        {
            return null;
        }

        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
