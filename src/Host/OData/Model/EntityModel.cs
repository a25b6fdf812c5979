using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.OData.Model;

/// <summary>An entity set with what of its rows can be asked about. What is not listed here does not exist for a client.</summary>
internal abstract class EntityModel(string setName, string typeName, Type rowType, string description)
{
    public const string KeyName = "Id";

    private readonly List<EntityProperty> _properties = [];
    private readonly List<EntityNavigation> _navigations = [];

    public string SetName => setName;

    public string TypeName => typeName;

    public Type RowType => rowType;

    public string Description => description;

    public IReadOnlyList<EntityProperty> Properties => _properties;

    public IReadOnlyList<EntityNavigation> Navigations => _navigations;

    public EntityProperty Key => FindProperty(KeyName)!;

    /// <summary>The rows that the caller may see.</summary>
    public abstract IQueryable Rows(AppDb db, Caller caller);

    /// <summary>Whether the caller sees every row there is.</summary>
    public abstract bool IsWhole(AppDb db, Caller caller);

    public EntityProperty? FindProperty(string name) => _properties.Find(property => property.Name == name);

    public EntityNavigation? FindNavigation(string name) => _navigations.Find(navigation => navigation.Name == name);

    protected void Add(EntityProperty property) => _properties.Add(property);

    protected void Add(EntityNavigation navigation) => _navigations.Add(navigation);
}

/// <summary>The entity set of <typeparamref name="TRow"/>.</summary>
internal sealed class EntityModel<TRow>(
    string setName, string typeName, Func<AppDb, IQueryable<TRow>> all, Func<IQueryable<TRow>, AppDb, Caller, IQueryable<TRow>> visible, string description)
    : EntityModel(setName, typeName, typeof(TRow), description)
    where TRow : class
{
    public override IQueryable Rows(AppDb db, Caller caller) => visible(all(db), db, caller);

    // A rule that takes nothing away hands back what it was given.
    public override bool IsWhole(AppDb db, Caller caller)
    {
        var rows = all(db);
        return ReferenceEquals(rows, visible(rows, db, caller));
    }

    public EntityModel<TRow> Property<TValue>(
        Expression<Func<TRow, TValue>> value, string description = "", string? name = null, IReadOnlyList<string>? allowed = null, bool searched = false)
    {
        Add(EntityProperty.Of(value, name, description, allowed, searched));
        return this;
    }

    /// <summary>A way to one entity, or to none, by a column that holds its id.</summary>
    public EntityModel<TRow> One<TTarget>(
        string name, string targetSet, string foreignKey, Expression<Func<TRow, TTarget, bool>> isTarget, Expression<Func<TRow, TTarget?>>? join = null)
        where TTarget : class
    {
        Add(new EntityNavigation(name, targetSet, false, isTarget)
        {
            Join = join,
            ForeignKey = foreignKey,
            IsRequired = FindProperty(foreignKey) is { Nullable: false },
        });
        return this;
    }

    public EntityModel<TRow> Many<TTarget>(string name, string targetSet, Expression<Func<TRow, TTarget, bool>> isTarget)
        where TTarget : class
    {
        Add(new EntityNavigation(name, targetSet, true, isTarget));
        return this;
    }
}
