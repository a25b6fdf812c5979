using System.Linq.Expressions;
using System.Text.RegularExpressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.OData.Model;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>One request's view of the store: who reads, what they may see, and how much may be asked.</summary>
internal sealed class ReadContext(AppDb db, Caller caller, EntityCatalog catalog, ODataOptions limits, DateTime now)
{
    private int _nodes;
    private bool _isCounted = true;

    public AppDb Db => db;

    public Caller Caller => caller;

    public EntityCatalog Catalog => catalog;

    public ODataOptions Limits => limits;

    public DateTime Now
    {
        get
        {
            IsBoundToNow = true;
            return now;
        }
    }

    /// <summary>Whether anything that was bound holds for this moment only.</summary>
    public bool IsBoundToNow { get; private set; }

    /// <summary>Whether the store sorts null behind everything; OData wants it before.</summary>
    public bool SortsNullLast { get; } = !db.Database.IsSqlite();

    /// <summary>Whether a query in <c>FROM</c> may speak of the rows before it.</summary>
    public bool HasLateral { get; } = !db.Database.IsSqlite();

    /// <summary>The option that is being bound, to be named when it can't be.</summary>
    public string Option { get; set; } = "";

    /// <summary>The regular expressions in use, by how they are written.</summary>
    public Dictionary<string, Regex> Patterns { get; } = [];

    public IDictionary<string, SingleValueNode> Aliases { get; set; } = new Dictionary<string, SingleValueNode>();

    public Expression Rows(EntityModel entity) => entity.Rows(db, caller).Expression;

    /// <summary>The entity that a way to one leads to; null where it leads nowhere, or to what the caller may not see.</summary>
    public Expression One(EntityNavigation navigation, Expression from)
    {
        if (navigation.Join is { } join && navigation.Target.IsWhole(db, caller))
        {
            return Lambdas.Inline(join, from);
        }

        return Lambdas.FirstOrDefault(Many(navigation, from), navigation.Target.RowType);
    }

    /// <summary>The entities that a way leads to, of those that the caller may see.</summary>
    public Expression Many(EntityNavigation navigation, Expression from)
    {
        var target = Expression.Parameter(navigation.Target.RowType, "t");
        return Lambdas.Where(Rows(navigation.Target), target, Lambdas.Inline(navigation.IsTarget, from, target));
    }

    /// <summary>The same from an entity of which only a value is known: its key, or the one that names the target.</summary>
    public Expression Many(EntityNavigation navigation, object value)
    {
        var target = Expression.Parameter(navigation.Target.RowType, "t");
        var isTarget = new KnownParent(navigation.IsTarget.Parameters[0], value).Visit(navigation.IsTarget.Body);
        return Lambdas.Where(Rows(navigation.Target), target, Lambdas.Inline(Expression.Lambda(isTarget, navigation.IsTarget.Parameters[1]), target));
    }

    /// <summary>Counts a part of an expression.</summary>
    public void Count()
    {
        if (_isCounted && ++_nodes > limits.MaxNodes)
        {
            throw ODataFault.OverLimit(nameof(ODataOptions.MaxNodes), limits.MaxNodes, "The request's expressions have too many parts.", Option);
        }
    }

    /// <summary>Ends the counting: what is bound from now on was bound once already, and is bound again for the rows that it is below.</summary>
    public void EndCount() => _isCounted = false;

    public ODataFault NotImplemented(string what) => ODataFault.NotImplemented(Option, what);

    /// <summary>Whatever a way asks of the entity it begins at is the one value that is known.</summary>
    private sealed class KnownParent(ParameterExpression parent, object value) : ExpressionVisitor
    {
        protected override Expression VisitMember(MemberExpression node) =>
            node.Expression == parent ? Types.To(Literal.Of(value, value.GetType()), node.Type) : base.VisitMember(node);
    }
}
