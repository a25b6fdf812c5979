using System.Linq.Expressions;
using System.Text.RegularExpressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using FluentValidation;

namespace ContainerGroups.Host.ExecutionEnvironments;

/// <summary>Images with Ansible in them.</summary>
internal sealed class ExecutionEnvironmentsController : IResourceController
{
    private static readonly (string, string)[] PullPolicies =
    [
        ("always", "Always pull container before running."),
        ("missing", "Only pull the image if not present before running."),
        ("never", "Never pull container before running."),
    ];

    public Resource Describe()
    {
        var builder = new ResourceBuilder<ExecutionEnvironment>(
                "execution_environments", "execution_environment", (db, caller) => db.ExecutionEnvironments.VisibleTo(db, caller))
            .Common()
            .Authors()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength, field.Unique) = (true, false, 512, true))
            .Field(x => x.Description)
            .Reference<Organization>(x => x.OrganizationId, field =>
            {
                field.ReadOnlyAfterCreate = true;
                field.HelpText = "The organization used to determine access to this execution environment.";
            })
            .Field(x => x.Image, field =>
            {
                (field.Required, field.AllowBlank, field.MaxLength, field.Label) = (true, false, 1024, "Image location");
                field.HelpText = "The full image location, including the container registry, image name, and version tag.";
            })
            .ReadOnly(x => x.Managed)
            .Reference<Credential>(x => x.CredentialId, field => field.Needs = Right.UseRole)
            .Field(x => x.Pull, field =>
            {
                (field.Kind, field.Choices) = (FieldKind.Choice, PullPolicies);
                field.HelpText = "Pull image before running?";
            })
            .Allow([Right.Edit, Right.Delete, Right.Copy], MayChange)
            .CreateIn<Organization>("organization", x => x.OrganizationId, Right.ExecutionEnvironmentAdminRole)
            .Capabilities(Right.Edit, Right.Delete, Right.Copy)
            .Summary("id", "name", "description", "image")
            .Recorded()
            .Copied()
            .NamedBy("name")
            .OrderBy("-created")
            .SubList<UnifiedJob>("unified_jobs", (_, id) => job => job.ExecutionEnvironmentId == id);
        builder.Rules.Validators.Add(new ExecutionEnvironmentValidator());
        builder.Rules.Checks.Add(CheckCredentialAsync);
        builder.Rules.BeforeDelete.Add(RefuseManaged);
        return builder.Build();
    }

    /// <summary>Those of no organization are for the administrators of the system.</summary>
    private static Expression<Func<ExecutionEnvironment, bool>> MayChange(AppDb db, Caller caller)
    {
        var organizations = Held.Objects(db, caller, RoleRules.Of(ObjectRole.OrganizationExecutionEnvironmentAdmin).OnObject);
        return environment => !environment.Managed && environment.OrganizationId != null && organizations.Contains(environment.OrganizationId.Value);
    }

    private static Task CheckCredentialAsync(Write<ExecutionEnvironment> write, CancellationToken cancellationToken) => CredentialUse.CheckKindAsync(
        write, write.Entity.CredentialId, CredentialKinds.Registry,
        "Only Container Registry credentials can be associated with an Execution Environment", cancellationToken);

    private static Task RefuseManaged(Removal<ExecutionEnvironment> removal, CancellationToken cancellationToken) =>
        removal.Entity.Managed ? throw ApiException.Forbidden() : Task.CompletedTask;
}

/// <summary>What makes an image's name one.</summary>
internal sealed partial class ExecutionEnvironmentValidator : AbstractValidator<ExecutionEnvironment>
{
    public ExecutionEnvironmentValidator()
    {
        RuleFor(x => x.Image).Matches(Reference()).When(x => x.Image.Length is > 0 and <= 1024)
            .WithMessage("'{PropertyValue}' is no image reference. Write [registry[:port]/]name[:tag][@digest], such as quay.io/ansible/awx-ee:latest.");
    }

    // The grammar of container references: lower-case path components, an optional registry with port, tag and digest.
    [GeneratedRegex(
        """
        ^(?:(?:localhost|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)(?::[0-9]{1,5})?/)?
        [a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*
        (?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?
        (?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.NonBacktracking)]
    private static partial Regex Reference();
}
