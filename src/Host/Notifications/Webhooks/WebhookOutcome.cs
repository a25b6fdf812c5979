namespace ContainerGroups.Host.Notifications.Webhooks;

/// <summary>What one attempt came to.</summary>
/// <param name="Error">What went wrong; null when nothing did.</param>
/// <param name="IsLasting">Whether the same would happen again.</param>
internal sealed record WebhookOutcome(string? Error, bool IsLasting)
{
    public static WebhookOutcome Sent { get; } = new(null, IsLasting: false);

    public static WebhookOutcome Failed(string reason, bool isLasting) => new($"Error sending webhook notification: {reason}", isLasting);
}
