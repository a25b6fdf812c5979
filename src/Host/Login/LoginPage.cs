using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace ContainerGroups.Host.Login;

/// <summary>The page that asks for name and password. It runs no script, and loads nothing.</summary>
internal sealed record LoginPage(string CsrfToken, string Next, string Username, string Fault)
{
    public const string CsrfField = "csrfmiddlewaretoken";

    private const string Style =
        """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
        body { min-height: 100vh; margin: 0; display: grid; place-items: center; background: Canvas; color: CanvasText; }
        main { width: min(22rem, calc(100vw - 3rem)); }
        h1 { font-size: 1.5rem; font-weight: 600; margin: 0 0 1.5rem; }
        label { display: block; margin: 0 0 1rem; }
        input { display: block; box-sizing: border-box; width: 100%; margin-top: .25rem; padding: .5rem .625rem; font: inherit; border: 1px solid GrayText; border-radius: .25rem; }
        button { width: 100%; padding: .625rem; font: inherit; font-weight: 600; color: #fff; background: #0b57a4; border: 0; border-radius: .25rem; cursor: pointer; }
        input:focus-visible, button:focus-visible { outline: 3px solid #4c9be8; outline-offset: 1px; }
        p { margin: 0 0 1rem; padding: .5rem .625rem; color: #fff; background: #a3141c; border-radius: .25rem; }
        """;

    /// <summary>The style stands in the page and nothing else may: it is named by its digest.</summary>
    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public Task AnswerAsync(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        // The server's own address may be told to the server: over https it looks at where a login comes from.
        response.Headers["Referrer-Policy"] = "same-origin";
        return response.WriteAsync(Html());
    }

    private string Html()
    {
        var fault = Fault.Length == 0 ? "" : $"<p role=\"alert\">{Text(Fault)}</p>";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Log in · ContainerGroups</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>ContainerGroups</h1>
            {fault}
            <form method="post" action="/api/login/">
            <input type="hidden" name="{CsrfField}" value="{Text(CsrfToken)}">
            <input type="hidden" name="next" value="{Text(Next)}">
            <label>Username <input name="username" value="{Text(Username)}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus></label>
            <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
            <button>Log in</button>
            </form>
            </main>
            </body>
            </html>
            """;
    }

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
