using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest.Filters;

/// <summary>
/// Turns the conditions of a query into one for SQL. Names are resolved against the descriptions of resources only, so a column that no
/// resource shows can't be asked about; related rows count only where the caller may see them.
/// </summary>
internal sealed class FilterBinder(ResourceCatalog catalog, AppDb db, Caller caller)
{
    /// <summary>Databases limit the depth of a statement, far above what a person writes.</summary>
    private const int MaxConditions = 150;

    private readonly ColumnConditions _columns = new(db);
    private int _conditions;

    /// <summary>The condition that all terms make together; null when there is none.</summary>
    public Expression<Func<T, bool>>? Bind<T>(Resource resource, IReadOnlyList<FilterTerm> terms)
    {
        var row = Expression.Parameter(typeof(T), "row");
        var plain = terms.Where(term => term.Connector == FilterConnector.And && term.Lookup != Lookup.Search).ToList();
        var parts = BindTogether(resource, row, [.. plain.Where(term => !term.Negated)])
            .Concat(plain.Where(term => term.Negated).Select(term => BindTerm(resource, row, term)))
            .Concat(terms.Where(term => term.Connector == FilterConnector.Chain).Select(term => BindTerm(resource, row, term)))
            .ToList();
        AddAlternatives(parts, terms.Where(term => term.Connector == FilterConnector.Or), term => BindTerm(resource, row, term));
        AddAlternatives(
            parts,
            terms.Where(term => term.Connector == FilterConnector.And && term.Lookup == Lookup.Search),
            term => BindTerm(resource, row, term));
        return parts.Count == 0 ? null : Expression.Lambda<Func<T, bool>>(parts.Aggregate(Expression.AndAlso), row);
    }

    /// <summary>Every word must be in one of the resource's search fields.</summary>
    public Expression<Func<T, bool>>? BindSearch<T>(Resource resource, string words)
    {
        var row = Expression.Parameter(typeof(T), "row");
        var parts = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => Search(resource, row, word)).ToList();
        return parts.Count == 0 ? null : Expression.Lambda<Func<T, bool>>(parts.Aggregate(Expression.AndAlso), row);
    }

    /// <summary>The objects on which the caller has a role; null for all of them.</summary>
    public Expression<Func<T, bool>>? BindRole<T>(Resource resource, string field)
        where T : class
    {
        if (resource is not Resource<T> { Access: { Kind: { } kind, RoleCondition: { } condition } access })
        {
            throw ApiException.BadRequest(
                "Cannot apply role_level filter to this list because its model does not use roles for access control.");
        }

        Count();
        var role = access.FindRole(field)
            ?? throw ApiException.BadRequest($"{resource.ModelName} has no role named '{field}'; it has {string.Join(", ", RoleDefinition.OfKind(kind).Select(one => one.Field))}.");
        return caller.IsSuperuser || (caller.IsSystemAuditor && field == Right.ReadRole) ? null : condition(db, caller, role);
    }

    /// <summary>What a path leads to, for order; a foreign key's object is looked up.</summary>
    public Expression BindColumn(Resource resource, Expression row, IReadOnlyList<string> path)
    {
        Count();
        var field = FindColumn(resource, path[0]);
        var column = Predicates.Apply(field.Column!, row);
        if (path.Count == 1)
        {
            return column;
        }

        if (field.Reference is not { } reference || catalog.Find(reference.Target) is not { } target)
        {
            throw NoField(resource, string.Join("__", path));
        }

        var other = Expression.Parameter(target.EntityType, "other");
        var value = BindColumn(target, other, [.. path.Skip(1)]);
        var matching = Expression.Call(
            typeof(Queryable), nameof(Queryable.Where), [target.EntityType],
            target.Visible(db, caller).Expression, Expression.Quote(Expression.Lambda(KeyEquals(target, other, column), other)));
        var selected = Expression.Call(
            typeof(Queryable), nameof(Queryable.Select), [target.EntityType, value.Type],
            matching, Expression.Quote(Expression.Lambda(value, other)));
        return Expression.Call(typeof(Queryable), nameof(Queryable.FirstOrDefault), [value.Type], selected);
    }

    private static void AddAlternatives(List<Expression> parts, IEnumerable<FilterTerm> terms, Func<FilterTerm, Expression> bind)
    {
        var alternatives = terms.Select(bind).ToList();
        if (alternatives.Count > 0)
        {
            parts.Add(alternatives.Aggregate(Expression.OrElse));
        }
    }

    /// <summary>Binds conditions that must hold at once: those that start with the same relation hold on one related row.</summary>
    private IEnumerable<Expression> BindTogether(Resource resource, Expression row, IReadOnlyList<FilterTerm> terms)
    {
        foreach (var group in terms.GroupBy(term => term.Path[0], StringComparer.Ordinal))
        {
            if (FindRelation(resource, group.Key) is { } found && group.All(term => term.Path.Count > 1))
            {
                Count();
                yield return AnyRelated(found.Relation, found.Target, row, other =>
                    BindTogether(found.Target, other, [.. group.Select(Inner)]).Aggregate(Expression.AndAlso));
                continue;
            }

            foreach (var term in group)
            {
                yield return BindPath(resource, row, term);
            }
        }
    }

    private Expression BindTerm(Resource resource, Expression row, FilterTerm term)
    {
        var condition = BindPath(resource, row, term);
        return term.Negated ? Expression.Not(condition) : condition;
    }

    private Expression BindPath(Resource resource, Expression row, FilterTerm term)
    {
        Count();
        if (FindRelation(resource, term.Path[0]) is { } found)
        {
            return BindRelation(found.Relation, found.Target, row, term);
        }

        var field = FindColumn(resource, term.Path[0]);
        var column = Predicates.Apply(field.Column!, row);
        if (term.Lookup == Lookup.Search && term.Path.Count == 1)
        {
            return field.Reference is { } named && catalog.Find(named.Target) is { } searched
                ? AnyReferenced(searched, column, other => SearchAll(searched, other, term.Value))
                : throw NoField(resource, $"{term.Path[0]}__search");
        }

        if (term.Path.Count == 1 || (term.Path.Count == 2 && field.Reference is not null && term.Path[1] is "id" or "pk"))
        {
            return _columns.Bind(field, column, term.Lookup, term.Value);
        }

        return field.Reference is { } reference && catalog.Find(reference.Target) is { } target
            ? AnyReferenced(target, column, other => BindPath(target, other, Inner(term)))
            : throw NoField(resource, string.Join("__", term.Path));
    }

    private Expression BindRelation(Relation relation, Resource target, Expression row, FilterTerm term)
    {
        if (term.Path.Count > 1)
        {
            return AnyRelated(relation, target, row, other => BindPath(target, other, Inner(term)));
        }

        if (term.Lookup == Lookup.IsNull)
        {
            var any = AnyRelated(relation, target, row, _ => Expression.Constant(true));
            return ColumnConditions.Truth(term.Value) ? Expression.Not(any) : any;
        }

        return term.Lookup == Lookup.Search
            ? AnyRelated(relation, target, row, other => SearchAll(target, other, term.Value))
            : AnyRelated(relation, target, row, other =>
                _columns.Bind(target.FindField("id")!, Predicates.Apply(target.Key, other), term.Lookup, term.Value));
    }

    private Expression SearchAll(Resource target, Expression row, string words) => words
        .Split(',', StringSplitOptions.RemoveEmptyEntries).Select(word => Search(target, row, word))
        .DefaultIfEmpty(Expression.Constant(true)).Aggregate(Expression.AndAlso);

    private Expression Search(Resource resource, Expression row, string word) => resource.SearchFields
        .Select(name =>
        {
            Count();
            var field = FindColumn(resource, name);
            return _columns.Bind(field, Predicates.Apply(field.Column!, row), Lookup.IContains, word);
        })
        .DefaultIfEmpty(Expression.Constant(false)).Aggregate(Expression.OrElse);

    private MethodCallExpression AnyReferenced(Resource target, Expression column, Func<Expression, Expression> condition)
    {
        var other = Expression.Parameter(target.EntityType, "other");
        var where = Expression.AndAlso(KeyEquals(target, other, column), condition(other));
        return Expression.Call(
            typeof(Queryable), nameof(Queryable.Any), [target.EntityType],
            target.Visible(db, caller).Expression, Expression.Quote(Expression.Lambda(where, other)));
    }

    private MethodCallExpression AnyRelated(Relation relation, Resource target, Expression row, Func<Expression, Expression> condition)
    {
        var other = Expression.Parameter(target.EntityType, "other");
        var where = condition(other);
        if (!caller.SeesEverything)
        {
            where = Expression.AndAlso(AnyReferenced(target, Predicates.Apply(target.Key, other), _ => Expression.Constant(true)), where);
        }

        return Expression.Call(
            typeof(Enumerable), nameof(Enumerable.Any), [target.EntityType],
            Predicates.Apply(relation.Rows, row), Expression.Lambda(where, other));
    }

    private static BinaryExpression KeyEquals(Resource target, Expression other, Expression column)
    {
        var key = Predicates.Apply(target.Key, other);
        return Expression.Equal(key.Type == column.Type ? key : Expression.Convert(key, column.Type), column);
    }

    private (Relation Relation, Resource Target)? FindRelation(Resource resource, string name) =>
        resource.Relations.FirstOrDefault(relation => relation.Name == name) is { } found && catalog.Find(found.Target) is { } target
            ? (found, target)
            : null;

    private static Field FindColumn(Resource resource, string name)
    {
        if (SensitiveNames.Contains(name))
        {
            throw ApiException.Forbidden($"Filtering on {name} is not allowed.");
        }

        var field = resource.FindField(name == "pk" ? "id" : name)
            ?? (name.EndsWith("_id", StringComparison.Ordinal) ? resource.FindField(name[..^3]) : null);
        return field switch
        {
            { Sensitive: true } => throw ApiException.Forbidden($"Filtering on {name} is not allowed."),
            { Filterable: true } => field,
            _ => throw NoField(resource, name),
        };
    }

    private void Count()
    {
        if (++_conditions > MaxConditions)
        {
            throw ApiException.BadRequest($"The query has more than {MaxConditions} conditions, keys of its order, and relations that these follow.");
        }
    }

    private static FilterTerm Inner(FilterTerm term) => term with { Path = [.. term.Path.Skip(1)], Negated = false };

    private static ApiException NoField(Resource resource, string name) =>
        ApiException.BadRequest($"{resource.ModelName} has no field named '{name}'");
}
