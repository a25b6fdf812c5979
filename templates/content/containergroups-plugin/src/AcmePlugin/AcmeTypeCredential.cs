using ContainerGroups.Abstractions;

namespace AcmePlugin;

/// <summary>An address and a token; jobs get both as environment variables.</summary>
public sealed class AcmeTypeCredential : ICredentialType, IJobInjector
{
    public string Namespace => "acme_plugin";

    public string Kind => "cloud";

    public string Name => "AcmePlugin token";

    public string Description => "";

    public IReadOnlyList<InputField> Inputs { get; } =
    [
        new() { Id = "host", Label = "Address", Required = true, Format = "url" },
        new() { Id = "token", Label = "Token", Required = true, Secret = true },
    ];

    public IReadOnlyList<InputError> Validate(InputValues inputs)
    {
        var errors = new List<InputError>();
        if (inputs.GetString("host") is { } host && !TryReadAddress(host, out _))
        {
            errors.Add(new InputError { Field = "host", Message = "The address must begin with https:// or http://." });
        }

        if (inputs.GetString("token") is { } token && token.Any(char.IsWhiteSpace))
        {
            errors.Add(new InputError { Field = "token", Message = "The token must not have spaces or line breaks." });
        }

        return errors;
    }

    public async Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken)
    {
        if (!TryReadAddress(inputs.GetString("host"), out var address))
        {
            return new ConnectionTest { Message = "There is no address to connect to." };
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {inputs.GetString("token")}");
        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            return new ConnectionTest
            {
                Reachable = true,
                Authenticated = answer.IsSuccessStatusCode,
                Message = $"{address} answers {(int)answer.StatusCode}.",
            };
        }
        catch (HttpRequestException e)
        {
            return new ConnectionTest { Reachable = false, Message = $"{address} can't be reached: {e.Message}" };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ConnectionTest { Reachable = false, Message = $"{address} does not answer within 20 s." };
        }
    }

    public JobInjection Inject(InputValues inputs) => new()
    {
        Environment = new Dictionary<string, string>
        {
            ["ACME_HOST"] = inputs.GetString("host") ?? "",
            ["ACME_TOKEN"] = inputs.GetString("token") ?? "",
        },
    };

    private static bool TryReadAddress(string? text, out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "https" or "http";
}
