using System.Globalization;
using System.Net;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Output;

/// <summary>A job's text as a page of its own, for a browser.</summary>
internal static class StdoutPage
{
    private const string Style = """
        body{margin:0;font:14px/1.4 monospace;background:#fff;color:#161b1f}
        body.dark{background:#161b1f;color:#d4d4d4}
        pre{margin:1em;white-space:pre-wrap}
        .ansi1{font-weight:bold}
        .ansi31{color:#d9534f}.ansi32{color:#3a9a3a}.ansi33{color:#b58900}.ansi34{color:#337ab7}.ansi35{color:#a64ca6}.ansi36{color:#2aa1a1}
        """;

    public static string Of(UnifiedJob job, string html, bool isDark)
    {
        var title = WebUtility.HtmlEncode(string.Create(CultureInfo.InvariantCulture, $"{job.Name} ({job.Id})"));
        return $"""
            <!DOCTYPE html>
            <html><head><meta charset="utf-8"><title>{title}</title><style>{Style}</style></head>
            <body class="{(isDark ? "dark" : "light")}"><pre>{html}</pre></body></html>
            """;
    }
}
