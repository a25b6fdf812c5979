using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary>Whether a text may be missing; of other values their type says it.</summary>
internal static class Nullability
{
    public static bool MayBeNull(QueryNode node, ReadContext context, ExpressionBinder binder) => node switch
    {
        ConstantNode constant => constant.Value is null,
        ConvertNode convert => MayBeNull(convert.Source, context, binder),
        SingleValuePropertyAccessNode { Source: SingleNavigationNode } => true,
        SingleValuePropertyAccessNode { Source: SingleResourceNode source } property =>
            binder.EntityOf(source).FindProperty(property.Property.Name) is not { Nullable: false },
        SingleValueFunctionCallNode call => call.Parameters.Any(parameter => MayBeNull(parameter, context, binder)),
        _ => true,
    };
}
