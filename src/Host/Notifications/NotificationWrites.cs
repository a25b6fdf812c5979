using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Notifications.Webhooks;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Notifications;

/// <summary>What makes a notification template's configuration legal, and how it is stored: its secrets elsewhere, encrypted.</summary>
internal sealed class NotificationWrites(NotificationSecrets secrets)
{
    private const string Configuration = "notification_configuration";

    public Task CheckAsync(Write<NotificationTemplate> write, CancellationToken cancellationToken)
    {
        if (write.Body.TryGet("messages", out var messages) && HasText(messages))
        {
            write.Errors.Add("messages", "Messages of one's own are not supported: what is sent is AWX's job_metadata.");
        }

        if (!write.Body.TryGet(Configuration, out var given) || write.Errors.Has(Configuration))
        {
            return Task.CompletedTask;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            write.Errors.Add(Configuration, "A JSON object is expected.");
            return Task.CompletedTask;
        }

        var (complete, faults) = WebhookSettings.Check(given);
        foreach (var fault in faults)
        {
            write.Errors.Add(FieldErrors.WholeObject, fault);
        }

        if (faults.Count == 0)
        {
            TakeSecrets(write, complete);
        }

        return Task.CompletedTask;
    }

    /// <summary>Leaves nothing of the secrets in the row.</summary>
    public static Task HideAsync(Write<NotificationTemplate> write, CancellationToken cancellationToken)
    {
        if (write.Prepared is Given given)
        {
            write.Entity.NotificationConfiguration = given.ShownJson;
        }

        return Task.CompletedTask;
    }

    /// <summary>Stores the secrets; the template has its id now.</summary>
    public Task StoreAsync(Write<NotificationTemplate> write, CancellationToken cancellationToken) => write.Prepared is Given given
        ? secrets.StoreAsync(write.Db, write.Entity.Id, given.Anew, given.Kept, cancellationToken)
        : Task.CompletedTask;

    private void TakeSecrets(Write<NotificationTemplate> write, JsonObject complete)
    {
        var before = write.Creating ? null : JsonNode.Parse(write.Before(row => row.NotificationConfiguration)!);
        var sameReceiver = before is not null
            && WebhookSettings.Parse(before.ToJsonString()).Authority == WebhookSettings.Parse(complete.ToJsonString()).Authority;
        var (anew, kept) = (new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var field in WebhookSettings.SecretFields)
        {
            var value = complete[field]!.GetValue<string>();
            if (value != Credential.Hidden)
            {
                complete[field] = WebhookSettings.Shown(value);
                if (value.Length > 0)
                {
                    anew[field] = value;
                }
            }
            else if (before?[field]?.GetValue<string>() != Credential.Hidden)
            {
                write.Errors.Add(FieldErrors.WholeObject, $"Configuration field '{field}' has no stored value that could be kept.");
            }
            else if (!sameReceiver)
            {
                write.Errors.Add(FieldErrors.WholeObject, $"Configuration field '{field}' was given for another host, and has to be given again.");
            }
            else
            {
                kept.Add(field);
            }
        }

        if (anew.Count > 0 && secrets.Fault is { } fault)
        {
            throw ApiException.Detail(StatusCodes.Status503ServiceUnavailable, $"Secrets can't be stored. {fault}");
        }

        write.Prepared = new Given(complete.ToJsonString(), anew, kept);
    }

    /// <summary>Clients send the whole of the structure, empty.</summary>
    private static bool HasText(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Any(member => HasText(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().Any(HasText),
        JsonValueKind.String => json.GetString()!.Length > 0,
        JsonValueKind.Null => false,
        _ => true,
    };

    /// <summary>What a write brings.</summary>
    private sealed record Given(string ShownJson, IReadOnlyDictionary<string, string> Anew, IReadOnlySet<string> Kept);
}
