using ContainerGroups.Host.Access;
using ContainerGroups.Host.Credentials.Inputs;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Credentials;

/// <summary>Credentials. What is secret of them goes in and never comes out.</summary>
internal sealed class CredentialsController(CredentialWrites writes, CredentialCopies copies, CredentialTest test, WakeUps wakeUps) : IResourceController
{
    public Resource Describe()
    {
        var builder = new ResourceBuilder<Credential>("credentials", "credential", (db, caller) => db.Credentials.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength) = (true, false, 512))
            .Field(x => x.Description)
            .Reference<Organization>(x => x.OrganizationId, field =>
                field.HelpText = "Inherit permissions from organization roles. If provided on creation, do not give either user or team.")
            .Reference<CredentialType>(x => x.CredentialTypeId, field => field.HelpText = "Specify the type of credential you want to create.")
            .ReadOnly(x => x.Managed)
            .Json(x => x.Inputs, FieldKind.Json, field =>
            {
                // What the body says is read by the rules: until it is parted, it must not stand in the row.
                (field.Assign, field.Sensitive, field.Default) = ((_, _) => { }, true, null);
                field.HelpText = "Enter inputs using either JSON or YAML syntax. Refer to the documentation for example syntax.";
            });
        AddDetails(builder);
        AddOwner<User>(builder, "user", x => x.UserId);
        AddOwner<Team>(builder, "team", x => x.TeamId);
        builder
            .Roles(ObjectKinds.Credential, Held.Credential)
            .AllowBy(ObjectRole.CredentialAdmin, Right.Edit, Right.Delete, Right.Copy)
            .AllowBy(ObjectRole.CredentialUse, Right.Use)
            .Capabilities(Right.Edit, Right.Delete, Right.Copy, Right.Use)
            .Summary("id", "name", "description", "kind", "cloud", "kubernetes", "credential_type_id")
            .Recorded()
            .NamedBy("name", ["credential_type", "organization"])
            .OrderBy("name")
            .SubList<User>("owner_users", (db, id) => user => db.Credentials.Any(row => row.Id == id && row.UserId == user.Id))
            .SubList<Team>("owner_teams", (db, id) => team => db.Credentials.Any(row => row.Id == id && row.TeamId == team.Id))
            .Action(new ResourceAction<Credential>("copy") { Get = CredentialCopies.CanCopyAsync, Post = copies.CopyAsync, Needs = Right.Copy })
            .Action(new ResourceAction<Credential>("test") { Post = test.PostAsync, Needs = Right.Use });
        CredentialOwners.AddTo(builder.Access);
        AddRules(builder.Rules);
        return builder.Build();
    }

    private static void AddDetails(ResourceBuilder<Credential> builder) => builder
        .Computed("kind", FieldKind.String, CredentialDetails.Loader, (Credential row, CredentialDetails all) => all.KindOf(row))
        .Computed("cloud", FieldKind.Boolean, CredentialDetails.Loader, (Credential row, CredentialDetails all) => all.IsCloud(row))
        .Computed("kubernetes", FieldKind.Boolean, CredentialDetails.Loader, (Credential row, CredentialDetails all) => all.IsKubernetes(row))
        .Computed("credential_type_id", FieldKind.Integer, row => row.CredentialTypeId, field => field.Hidden = true)
        .SummaryPart("owners", CredentialDetails.Loader, (Credential row, CredentialDetails all) => all.OwnersOf(row));

    /// <summary>Said at creation only, and shown among the owners.</summary>
    private static void AddOwner<TOwner>(
        ResourceBuilder<Credential> builder, string name, System.Linq.Expressions.Expression<Func<Credential, long?>> column)
        where TOwner : class => builder.Field(name, column, field =>
        {
            (field.Kind, field.Hidden, field.ReadOnlyAfterCreate, field.AllowNull) = (FieldKind.Id, true, true, true);
            field.Reference = new ForeignKey(typeof(TOwner)) { InSummary = false };
            field.HelpText = $"Write-only field used to add {name} to owner role. Only valid for creation.";
        });

    private void AddRules(WriteRules<Credential> rules)
    {
        rules.UniqueTogether.Add(["organization", "name", "credential_type"]);
        rules.Checks.Add(RefuseManaged);
        rules.Checks.Add(CredentialOwners.CheckAsync);
        rules.Checks.Add(CredentialUse.CheckTypeAsync);
        rules.Checks.Add(writes.CheckAsync);
        rules.BeforeSave.Add(CredentialWrites.ApplyAsync);
        rules.AfterSave.Add(writes.StoreSecretsAsync);
        rules.BeforeDelete.Add(CredentialUse.RefuseRemovalAsync);
        rules.AfterCommit.Add(_ =>
        {
            // A better token may let a job go that waited.
            wakeUps.Pulse(WakeUpNames.Dispatch);
            return Task.CompletedTask;
        });
    }

    private static Task RefuseManaged(Write<Credential> write, CancellationToken cancellationToken) =>
        write.Entity.Managed ? throw ApiException.Forbidden("Modifications not allowed for managed credentials") : Task.CompletedTask;
}
