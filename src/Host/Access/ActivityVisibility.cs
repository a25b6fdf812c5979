using System.Linq.Expressions;
using ContainerGroups.Host.Access.Tokens;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Access;

/// <summary>
/// Who sees an entry of the activity stream: whoever sees one of its objects. What happened to people and organizations is for those who
/// look after them; what is gone nobody but those who see everything.
/// </summary>
internal static class ActivityVisibility
{
    public static IQueryable<ActivityEntry> VisibleTo(this IQueryable<ActivityEntry> rows, AppDb db, Caller caller)
    {
        if (caller.SeesEverything)
        {
            return rows;
        }

        var entry = Expression.Parameter(typeof(ActivityEntry), "entry");
        var conditions = Kinds(db, caller).Select(kind => (Expression)Expression.Call(
            typeof(Queryable), nameof(Queryable.Contains), [typeof(long?)], kind.Ids.Expression, ObjectOfKind(entry, kind.Name)));
        return rows.Where(Expression.Lambda<Func<ActivityEntry, bool>>(conditions.Aggregate(Expression.OrElse), entry));
    }

    /// <summary>The id of the entry's object of a kind; null when it has none. Of two of one kind the first stands for both.</summary>
    private static ConditionalExpression ObjectOfKind(ParameterExpression entry, string kind)
    {
        return Expression.Condition(
            Is(nameof(ActivityEntry.Object1)),
            Expression.Convert(Expression.Property(entry, nameof(ActivityEntry.Object1Id)), typeof(long?)),
            Expression.Condition(
                Is(nameof(ActivityEntry.Object2)), Expression.Property(entry, nameof(ActivityEntry.Object2Id)), Expression.Constant(null, typeof(long?))));

        BinaryExpression Is(string column) => Expression.Equal(Expression.Property(entry, column), Expression.Constant(kind));
    }

    /// <summary>Every kind of object that is recorded, with those that the caller may see.</summary>
    internal static IEnumerable<(string Name, IQueryable<long?> Ids)> Kinds(AppDb db, Caller caller)
    {
        var lookedAfter = Held.Objects(db, caller, ObjectRole.OrganizationAdmin, ObjectRole.OrganizationAuditor);
        yield return (ObjectKinds.Organization, lookedAfter.Select(id => (long?)id));
        yield return ("user", Users(db, caller, lookedAfter));
        yield return (ObjectKinds.Team, db.Teams.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return (ObjectKinds.Project, db.Projects.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return (ObjectKinds.Inventory, db.Inventories.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("host", db.Hosts.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("group", db.Groups.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return (ObjectKinds.Credential, db.Credentials.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("credential_type", db.CredentialTypes.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("execution_environment", db.ExecutionEnvironments.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("instance", db.Instances.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return (ObjectKinds.InstanceGroup, db.InstanceGroups.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return (ObjectKinds.JobTemplate, db.JobTemplates.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("job", db.Jobs.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("ad_hoc_command", db.AdHocCommands.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("schedule", db.Schedules.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("label", db.Labels.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("notification_template", db.NotificationTemplates.VisibleTo(db, caller).Select(row => (long?)row.Id));
        yield return ("o_auth2_access_token", db.AccessTokens.VisibleTo(caller).Select(row => (long?)row.Id));
        yield return ("o_auth2_application", db.OAuthApplications.VisibleTo(db, caller).Select(row => (long?)row.Id));
    }

    private static IQueryable<long?> Users(AppDb db, Caller caller, IQueryable<long> organizations)
    {
        var me = caller.UserId;
        return db.Users
            .Where(user => user.Id == me || user.Roles.Any(grant =>
                (grant.Role == ObjectRole.OrganizationMember || grant.Role == ObjectRole.OrganizationAdmin) && organizations.Contains(grant.ObjectId)))
            .Select(user => (long?)user.Id);
    }
}
