using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Login;

/// <summary>What goes wrong at <c>/api/o/</c>, in the words of RFC 6749, section 5.2.</summary>
internal static class OAuthError
{
    public static ApiException Of(string error, string? description = null, int status = StatusCodes.Status400BadRequest) => new(
        status,
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("error", error);
            if (description is not null)
            {
                writer.WriteString("error_description", description);
            }

            writer.WriteEndObject();
        },
        error);

    public static ApiException InvalidClient() => Of("invalid_client", status: StatusCodes.Status401Unauthorized);
}
