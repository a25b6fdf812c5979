using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Notifications.Webhooks;

/// <summary>How a webhook is called: the configuration of a notification template, whose secrets are hidden.</summary>
internal sealed record WebhookSettings
{
    public const string PasswordField = "password";

    /// <summary>Ours: what requests are signed with.</summary>
    public const string SecretField = "secret";

    /// <summary>AWX's keys with their types, and ours.</summary>
    private static readonly (string Name, string Type, JsonNode? Default)[] Fields =
    [
        ("url", "string", null), ("http_method", "string", "POST"), ("disable_ssl_verification", "bool", false), ("username", "string", ""),
        (PasswordField, "password", ""), ("headers", "object", null), (SecretField, "password", ""),
    ];

    public required string Url { get; init; }

    public required string Method { get; init; }

    public required bool SkipsVerification { get; init; }

    public required string Username { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public static IEnumerable<string> SecretFields => Fields.Where(known => known.Type == "password").Select(known => known.Name);

    /// <summary>Completes what somebody has given, and says what is wrong with it, as far as it can be in AWX's words.</summary>
    public static (JsonObject Complete, IReadOnlyList<string> Faults) Check(JsonElement given)
    {
        var (complete, missing, faults) = (new JsonObject(), new List<string>(), new List<string>());
        foreach (var (name, type, initial) in Fields)
        {
            if (!given.TryGetProperty(name, out var value))
            {
                complete[name] = initial?.DeepClone();
                missing.AddRange(initial is null ? [$"'{name}'"] : []);
            }
            else if (!Is(type, value))
            {
                faults.Add($"Configuration field '{name}' incorrect type, expected {type}.");
            }
            else
            {
                complete[name] = JsonNode.Parse(value.GetRawText());
            }
        }

        faults.AddRange(given.EnumerateObject().Where(member => Fields.All(field => field.Name != member.Name))
            .Select(member => $"Configuration field '{member.Name}' is not known."));
        if (missing.Count > 0)
        {
            faults.Insert(0, $"Missing required fields for Notification Configuration: [{string.Join(", ", missing)}].");
        }

        return (complete, faults.Count > 0 ? faults : [.. FaultsOf(Parse(complete.ToJsonString()))]);
    }

    /// <param name="configuration">Complete and right.</param>
    public static WebhookSettings Parse(string configuration)
    {
        var json = JsonNode.Parse(configuration)!;
        return new WebhookSettings
        {
            Url = json["url"]!.GetValue<string>(),
            Method = json["http_method"]!.GetValue<string>().ToUpperInvariant(),
            SkipsVerification = json["disable_ssl_verification"]!.GetValue<bool>(),
            Username = json["username"]!.GetValue<string>(),
            Headers = json["headers"]!.AsObject().ToDictionary(header => header.Key, header => header.Value?.ToString() ?? ""),
        };
    }

    /// <summary>The receiver's scheme, host and port: a secret that was given for one is not sent to another.</summary>
    public string Authority => new Uri(Url).GetLeftPart(UriPartial.Authority);

    private static bool Is(string type, JsonElement value) => type switch
    {
        "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "object" => value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(member => member.Value.ValueKind == JsonValueKind.String),
        _ => value.ValueKind == JsonValueKind.String,
    };

    private static IEnumerable<string> FaultsOf(WebhookSettings settings)
    {
        if (settings.Method is not ("POST" or "PUT"))
        {
            yield return "HTTP method must be either 'POST' or 'PUT'.";
        }

        if (!Uri.TryCreate(settings.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            yield return "The url must be one of http or https, such as https://example.org/hook.";
        }
        else if (url.UserInfo.Length > 0)
        {
            yield return "The url must not hold a name or password: everybody who may see the template would see it. There are fields for them.";
        }

        using var probe = new HttpRequestMessage();
        foreach (var (name, value) in settings.Headers)
        {
            // A carriage return in a value would begin a header of its own; what the message's framing depends on is not for people.
            if (WebhookClient.IsReserved(name) || value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 || !WebhookClient.TryAdd(probe, name, value))
            {
                yield return $"The header '{name}' can't be sent.";
            }
        }
    }

    /// <summary>What takes a secret's place where it is shown.</summary>
    public static string Shown(string value) => value.Length == 0 ? "" : Credential.Hidden;
}
