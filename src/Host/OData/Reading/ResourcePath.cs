using System.Globalization;
using System.Linq.Expressions;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Model;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>Follows a path from entity to entity. Each step has to be there, and visible.</summary>
internal sealed class ResourcePath(ReadContext context, DatabaseRead database)
{
    private ResourceTarget? _target;

    /// <summary>The key of the one entity that the path has come to; null while it is at several.</summary>
    private object? _key;

    public async Task<ResourceTarget> FollowAsync(ODataPath path)
    {
        foreach (var segment in path)
        {
            await StepAsync(segment);
        }

        return _target ?? throw ODataFault.NotFound("The path leads nowhere.");
    }

    private async Task StepAsync(ODataPathSegment segment)
    {
        switch (segment)
        {
            case EntitySetSegment set:
                var entity = context.Catalog.Set(set.EntitySet.Name);
                _target = new ResourceTarget(entity, context.Rows(entity));
                break;
            case KeySegment key:
                AtKey(key.Keys.Single().Value);
                break;
            case FilterSegment filter:
                var scope = RowScope.Of(Target.Entity);
                var condition = new ExpressionBinder(context, scope, "$filter").BindPredicate(filter.Expression);
                _target = Target with { Source = Lambdas.Where(Target.Source, scope.Row, condition) };
                break;
            case NavigationPropertySegment navigation:
                await AlongAsync(Target.Entity.FindNavigation(navigation.NavigationProperty.Name)!);
                break;
            case NavigationPropertyLinkSegment link:
                await AlongAsync(Target.Entity.FindNavigation(link.NavigationProperty.Name)!);
                _target = Target with { Form = TargetForm.References };
                break;
            case PropertySegment property:
                var found = Target.Entity.FindProperty(property.Property.Name)!;
                _target = Target with { Property = found, Form = TargetForm.Value, ContextPath = $"{Target.Entity.SetName}({Key()})/{found.Name}" };
                break;
            case ValueSegment when Target.Form == TargetForm.Value:
                _target = Target with { Form = TargetForm.RawValue };
                break;
            case CountSegment when !Target.IsSingle:
                _target = Target with { Form = TargetForm.Count };
                break;
            case ReferenceSegment:
                _target = Target with { Form = TargetForm.References };
                break;
            default:
                throw ODataFault.NotImplemented(segment.Identifier ?? segment.GetType().Name, "this service does not have this kind of path.");
        }
    }

    private ResourceTarget Target => _target ?? throw ODataFault.NotFound("The path leads nowhere.");

    private void AtKey(object key)
    {
        _key = key is long or int or short or byte or sbyte
            ? Convert.ToInt64(key, CultureInfo.InvariantCulture)
            : throw ODataFault.BadRequest($"The key of {Target.Entity.SetName} has to be a whole number.");
        var row = Expression.Parameter(Target.Entity.RowType, "x");
        var isIt = Expression.Equal(Lambdas.Inline(Target.Entity.Key.Value, row), Literal.Of((long)_key));
        _target = Target with { Source = Lambdas.Where(Target.Source, row, isIt), IsSingle = true, MayBeAbsent = false };
    }

    private async Task AlongAsync(EntityNavigation navigation)
    {
        var from = navigation.ForeignKey is { } foreignKey ? Target.Entity.FindProperty(foreignKey)! : Target.Entity.Key;
        var value = await ValueAsync(from) ?? (navigation.IsCollection ? throw Missing() : null);
        // A way that leads nowhere ends at an entity whose key nobody has.
        var source = context.Many(navigation, value ?? 0L);
        _target = new ResourceTarget(navigation.Target, source) { IsSingle = !navigation.IsCollection, MayBeAbsent = !navigation.IsCollection };
        _key = navigation.IsCollection ? null : value ?? 0L;
    }

    /// <summary>A value of the entity that the path has come to.</summary>
    private async Task<object?> ValueAsync(EntityProperty property)
    {
        var row = Expression.Parameter(Target.Entity.RowType, "x");
        var value = Types.To(Lambdas.Inline(property.Value, row), typeof(object));
        await foreach (var found in database.RowsAsync(Lambdas.Select(Target.Source, row, Expression.NewArrayInit(typeof(object), value))))
        {
            return found[0];
        }

        throw Missing();
    }

    private ODataFault Missing() => ODataFault.NotFound($"There is no such entity in {Target.Entity.SetName}.");

    private string Key() => Convert.ToString(_key, CultureInfo.InvariantCulture) ?? "";
}
