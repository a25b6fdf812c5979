using System.Text.Json;
using System.Text.Json.Nodes;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials.Types;

/// <summary>Credential types: those of plugins, which nobody changes, and those that users define.</summary>
internal sealed class CredentialTypesController(PluginCatalog plugins) : IResourceController
{
    public Resource Describe()
    {
        var builder = new ResourceBuilder<CredentialType>("credential_types", "credential_type", (db, caller) => db.CredentialTypes.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description)
            .Field(x => x.Kind, field =>
            {
                (field.Kind, field.Choices, field.Required, field.AllowBlank, field.Default) =
                    (FieldKind.Choice, CredentialKinds.All, true, false, null);
                field.WritableChoices = CredentialKinds.ForUsers;
                field.HelpText = "The credential type; users define types of the kinds cloud and net.";
            })
            .ReadOnly(x => x.Namespace)
            .ReadOnly(x => x.Managed)
            .Json(x => x.Inputs, FieldKind.Json, field =>
                (field.Sensitive, field.HelpText) = (true, "The fields of the type's credentials, as JSON: fields and required."))
            .Json(x => x.Injectors, FieldKind.Json, field =>
                (field.Sensitive, field.HelpText) = (true, "What a job gets of a credential, as JSON: env, extra_vars and file."))
            .Computed("plugin_missing", FieldKind.Boolean, type => IsPluginMissing(type), field =>
                field.HelpText = "Whether the plugin that the type comes from is not there; its credentials stay, and can't be changed or tested.")
            .Capabilities(Right.Edit, Right.Delete)
            .Recorded()
            .NamedBy("name", "kind")
            .OrderBy("kind", "name")
            .SubList<Credential>("credentials", (_, id) => credential => credential.CredentialTypeId == id, "credential_type");
        builder.Rules.UniqueTogether.Add(["name", "kind"]);
        builder.Rules.Checks.Add(CheckAsync);
        builder.Rules.BeforeDelete.Add(RefuseAsync);
        return builder.Build();
    }

    /// <summary>Whether nobody can say any more what the type's values mean.</summary>
    private bool IsPluginMissing(CredentialType type) =>
        type.Managed && (type.Namespace is null || !plugins.TryGetCredentialType(type.Namespace, out _));

    private static async Task CheckAsync(Write<CredentialType> write, CancellationToken cancellationToken)
    {
        var type = write.Entity;
        if (type.Managed)
        {
            throw ApiException.Forbidden("Modifications not allowed for managed credential types");
        }

        if (write.Body.Has("kind") && !write.Errors.Has("kind") && !CredentialKinds.IsForUsers(type.Kind))
        {
            write.Errors.Add("kind", $"Must be 'cloud' or 'net', not {type.Kind}");
        }

        if (write.Errors.Has("inputs") || write.Errors.Has("injectors"))
        {
            return;
        }

        using var inputs = JsonDocument.Parse(type.Inputs);
        new InputsRules(write.Errors).Check(inputs.RootElement);
        if (write.Errors.Has("inputs"))
        {
            return;
        }

        type.Inputs = WithTypes(type.Inputs);
        await RefuseChangeInUseAsync(write, cancellationToken);
        using var injectors = JsonDocument.Parse(type.Injectors);
        new InjectorsRules(write.Errors, CredentialSchema.Parse(type.Inputs)).Check(injectors.RootElement);
    }

    private static async Task RefuseChangeInUseAsync(Write<CredentialType> write, CancellationToken cancellationToken)
    {
        if (write.Creating || JsonNode.DeepEquals(JsonNode.Parse(write.Entity.Inputs), JsonNode.Parse(write.Before(type => type.Inputs)!)))
        {
            return;
        }

        var id = write.Entity.Id;
        if (await write.Db.Credentials.AnyAsync(credential => credential.CredentialTypeId == id, cancellationToken))
        {
            throw ApiException.Forbidden("Modifications to inputs are not allowed for credential types that are in use");
        }
    }

    private async Task RefuseAsync(Removal<CredentialType> removal, CancellationToken cancellationToken)
    {
        var type = removal.Entity;
        if (await removal.Db.Credentials.AnyAsync(credential => credential.CredentialTypeId == type.Id, cancellationToken))
        {
            throw ApiException.Forbidden("Credential types that are in use cannot be deleted");
        }

        // What a removed plugin left behind may go.
        if (type.Managed && !IsPluginMissing(type))
        {
            throw ApiException.Forbidden("Deletion not allowed for managed credential types");
        }
    }

    /// <summary>A field without a type is a string; from now on it says so.</summary>
    private static string WithTypes(string inputs)
    {
        var schema = JsonNode.Parse(inputs)!;
        foreach (var field in schema["fields"]?.AsArray() ?? [])
        {
            field!["type"] ??= "string";
        }

        return schema.ToJsonString(JsonValues.SerializerOptions);
    }
}
