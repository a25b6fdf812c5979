using System.Net;
using ContainerGroups.Host.Notifications.Webhooks;
using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Notifications;

/// <summary>Tells people, or their programs, of jobs.</summary>
internal static class NotificationsModule
{
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<NotificationsOptions>().Bind(configuration.GetSection(NotificationsOptions.Section))
            .Validate(o => o.Timeout > TimeSpan.Zero, "Notifications:Timeout must be longer than nothing.")
            .Validate(o => o.GiveUpAfter >= TimeSpan.Zero, "Notifications:GiveUpAfter must not be negative.")
            .Validate(o => o.BlockedNetworks.All(network => IPNetwork.TryParse(network, out _)), "Notifications:BlockedNetworks must be networks such as 10.0.0.0/8.")
            .Validate(o => o.BaseUrl.Length == 0 || Uri.TryCreate(o.BaseUrl, UriKind.Absolute, out _), "Notifications:BaseUrl must be a URL such as https://jobs.example.org.")
            .ValidateOnStart();
        return services.AddSingleton<JobNotifications>()
            .AddSingleton<NotificationWrites>()
            .AddSingleton<NotificationSecrets>()
            .AddSingleton<NotificationQueue>()
            .AddSingleton<NotificationBodies>()
            .AddSingleton<WebhookAddresses>()
            .AddSingleton<WebhookClient>()
            .AddHostedService<NotificationSender>()
            .AddResource<NotificationTemplatesController>()
            .AddResource<NotificationsController>();
    }
}
