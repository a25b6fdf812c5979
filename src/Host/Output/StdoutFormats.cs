namespace ContainerGroups.Host.Output;

/// <summary>A form in which a job's text is given.</summary>
/// <param name="Name">AWX's name of it, as in <c>?format=</c>.</param>
/// <param name="IsPlain">Whether it is the text itself.</param>
/// <param name="KeepsColours">Whether the terminal's control sequences stay.</param>
/// <param name="IsDownload">Whether it is given as a file, of any size.</param>
internal sealed record StdoutFormat(string Name, bool IsPlain, bool KeepsColours, bool IsDownload);

/// <summary>AWX's formats, and how a request chooses.</summary>
internal static class StdoutFormats
{
    public const string Api = "api";
    public const string Html = "html";
    public const string Json = "json";
    private const string Text = "txt";

    private static readonly StdoutFormat[] All =
    [
        new(Api, IsPlain: false, KeepsColours: true, IsDownload: false),
        new(Html, IsPlain: false, KeepsColours: true, IsDownload: false),
        new(Json, IsPlain: false, KeepsColours: true, IsDownload: false),
        new(Text, IsPlain: true, KeepsColours: false, IsDownload: false),
        new("ansi", IsPlain: true, KeepsColours: true, IsDownload: false),
        new("txt_download", IsPlain: true, KeepsColours: false, IsDownload: true),
        new("ansi_download", IsPlain: true, KeepsColours: true, IsDownload: true),
    ];

    /// <summary>By <c>format=</c>, else by what the client accepts; null for a format that there is not.</summary>
    public static StdoutFormat? Of(HttpRequest request)
    {
        var name = request.Query["format"].LastOrDefault();
        name = string.IsNullOrEmpty(name) ? Accepted(request.GetTypedHeaders().Accept) : name;
        return All.FirstOrDefault(format => format.Name == name);
    }

    private static string Accepted(IList<Microsoft.Net.Http.Headers.MediaTypeHeaderValue> accepted)
    {
        foreach (var type in accepted.OrderByDescending(type => type.Quality ?? 1))
        {
            switch (type.MediaType.Value)
            {
                case "application/json": return Json;
                case "text/plain": return Text;
                case "text/html": return Html;
                case "*/*": return Api;
            }
        }

        return Api;
    }
}
