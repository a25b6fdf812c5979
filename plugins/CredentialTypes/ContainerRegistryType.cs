using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ContainerGroups.Abstractions;

namespace ContainerGroups.CredentialTypes;

/// <summary>How the images of execution environments are pulled.</summary>
internal sealed class ContainerRegistryType : ICredentialType
{
    public string Namespace => "registry";

    public string Kind => "registry";

    public string Name => "Container Registry";

    public string Description => "How the images of execution environments are pulled.";

    public IReadOnlyList<InputField> Inputs { get; } =
    [
        new()
        {
            Id = "host",
            Label = "Authentication URL",
            Required = true,
            Default = "quay.io",
            HelpText = "Authentication endpoint for the container registry.",
        },
        new() { Id = "username", Label = "Username" },
        new()
        {
            Id = "password",
            Label = "Password or Token",
            Secret = true,
            HelpText = "A password or token used to authenticate with.",
        },
        new() { Id = "verify_ssl", Label = "Verify SSL", Type = InputFieldType.Boolean, Default = true },
    ];

    public IReadOnlyList<InputError> Validate(InputValues inputs) =>
    [
        .. Rules.OneLine(inputs, "host", "username", "password"),
        .. inputs.GetString("host") is { Length: > 0 } host && Endpoint(host) is null
            ? (InputError[])[new() { Field = "host", Message = "A registry is expected, such as quay.io or registry.example.com:5000." }]
            : [],
    ];

    public async Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken)
    {
        if (Endpoint(inputs.GetString("host") ?? "") is not { } endpoint)
        {
            return new ConnectionTest { Message = "The value host is no registry." };
        }

        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (inputs.GetBoolean("verify_ssl") == false)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }

        using var client = new HttpClient(handler);
        try
        {
            return await AskAsync(client, endpoint, inputs, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            return new ConnectionTest { Reachable = false, Message = $"The registry {endpoint.Authority} can't be reached: {e.InnerException?.Message ?? e.Message}" };
        }
    }

    private static async Task<ConnectionTest> AskAsync(HttpClient client, Uri endpoint, InputValues inputs, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        if (inputs.GetString("password") is { Length: > 0 } password)
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{inputs.GetString("username")}:{password}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => new ConnectionTest
            {
                Reachable = true,
                Authenticated = true,
                Message = $"The registry {endpoint.Authority} answers and accepts the credential.",
            },
            // Registries that give tokens refuse Basic here, and ask for a repository before they say more.
            HttpStatusCode.Unauthorized when response.Headers.WwwAuthenticate.Any(scheme => scheme.Scheme == "Bearer") => new ConnectionTest
            {
                Reachable = true,
                Message = $"The registry {endpoint.Authority} answers. It gives tokens for single repositories, so whether it accepts the credential shows at the first pull.",
            },
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ConnectionTest
            {
                Reachable = true,
                Authenticated = false,
                Message = $"The registry {endpoint.Authority} refuses the credential: check username and password.",
            },
            _ => new ConnectionTest
            {
                Reachable = true,
                Message = $"{endpoint.Authority} answers {(int)response.StatusCode} to {endpoint.AbsolutePath}: it may be no registry.",
            },
        };
    }

    /// <summary>The version check of the registry's API; null for what is no registry.</summary>
    private static Uri? Endpoint(string host)
    {
        var text = host.Contains("://", StringComparison.Ordinal) ? host : "https://" + host;
        return Uri.TryCreate(text.TrimEnd('/') + "/v2/", UriKind.Absolute, out var url)
            && url.Scheme is "https" or "http" && url.Host.Length > 0 && url.UserInfo.Length == 0 && !host.Any(char.IsWhiteSpace)
                ? new Uri(url, "/v2/")
                : null;
    }
}
