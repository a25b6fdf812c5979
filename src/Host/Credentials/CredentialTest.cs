using ContainerGroups.Abstractions;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Credentials;

/// <summary><c>/credentials/N/test/</c>: asks the credential's plugin to try it, and says which secrets can't be masked. Ours; AWX has none.</summary>
internal sealed class CredentialTest(CredentialReader reader, PluginCatalog plugins)
{
    public async Task PostAsync(ApiCall call, Credential row)
    {
        var credential = await ReadAsync(call, row);
        var test = await TryAsync(credential, call.Cancellation);
        var secrets = CallSecrets.Of(credential.Values, credential.Fields);
        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            Write("reachable", test.Reachable);
            Write("authenticated", test.Authenticated);
            Write("missing_permissions", test.MissingPermissions.Select(secrets.RemoveFrom));
            Write("message", secrets.RemoveFrom(test.Message));
            writer.WriteStartObject("details");
            foreach (var (name, value) in test.Details)
            {
                Write(name, secrets.RemoveFrom(value));
            }

            writer.WriteEndObject();
            Write("missing_inputs", credential.MissingInputs);
            Write("unmaskable_inputs", JobSecrets.TooShort(credential));
            writer.WriteEndObject();

            void Write(string name, object? value)
            {
                writer.WritePropertyName(name);
                JsonValues.Write(writer, value);
            }
        });
    }

    private async Task<OpenCredential> ReadAsync(ApiCall call, Credential row)
    {
        try
        {
            return await reader.FindAsync(call.Db, row.Id, call.Cancellation) ?? throw ApiException.NoMatch("Credential");
        }
        catch (SecretUnavailableException e)
        {
            throw ApiException.Detail(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    private async Task<ConnectionTest> TryAsync(OpenCredential credential, CancellationToken cancellationToken)
    {
        if (credential.Namespace is null)
        {
            return new ConnectionTest { Message = "Credentials of types that users have defined can't be tested: only a plugin knows the other side." };
        }

        if (!plugins.TryGetCredentialType(credential.Namespace, out var type))
        {
            return new ConnectionTest { Message = $"The plugin that gives the type \"{credential.TypeName}\" is not there. See /api/v2/plugins/." };
        }

        // A plugin is not asked about what it demands and has not got.
        return credential.MissingInputs is { Count: > 0 } missing
            ? new ConnectionTest { Message = $"These values are missing: {string.Join(", ", missing)}." }
            : await type.TestConnectionAsync(credential.Values, cancellationToken);
    }
}
