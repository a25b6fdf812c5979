using System.Net;
using System.Text;

namespace ContainerGroups.Host.Output;

/// <summary>A terminal's text as HTML: escaped, colours as classes <c>ansi…</c> with the numbers of the sequence.</summary>
internal static class AnsiHtml
{
    public static string Convert(string text)
    {
        var html = new StringBuilder(text.Length + (text.Length / 8));
        var isOpen = false;
        while (text.Length > 0)
        {
            var escape = text.IndexOf("\u001b[", StringComparison.Ordinal);
            html.Append(WebUtility.HtmlEncode(escape < 0 ? text : text[..escape]));
            if (escape < 0)
            {
                break;
            }

            text = text[(escape + 2)..];
            var length = text.AsSpan().IndexOfAnyExceptInRange(' ', '?');
            var parameters = length < 0 ? "" : text[..length];
            var isColour = length >= 0 && text[length] == 'm' && parameters.All(c => char.IsAsciiDigit(c) || c == ';');
            text = length < 0 ? "" : text[(length + 1)..];
            if (isColour)
            {
                isOpen = AppendColour(html, parameters, isOpen);
            }
        }

        return (isOpen ? html.Append("</span>") : html).ToString();
    }

    private static bool AppendColour(StringBuilder html, string parameters, bool isOpen)
    {
        if (isOpen)
        {
            html.Append("</span>");
        }

        var classes = string.Join(' ', parameters.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(number => number.TrimStart('0'))
            .Where(number => number.Length > 0).Select(number => "ansi" + number));
        if (classes.Length == 0)
        {
            return false;
        }

        html.Append("<span class=\"").Append(classes).Append("\">");
        return true;
    }
}
