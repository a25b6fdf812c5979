using ContainerGroups.Host.OData.Binding;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>Takes a duration, beside a duration or a moment, without its prefix, as OData 4.01 lets it be written.</summary>
internal sealed class LenientResolver : ODataUriResolver
{
    public override void PromoteBinaryOperandTypes(
        BinaryOperatorKind binaryOperatorKind, ref SingleValueNode left, ref SingleValueNode right, out IEdmTypeReference typeReference)
    {
        var isArithmetic = binaryOperatorKind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract;
        if (TakesDuration(left, isArithmetic))
        {
            right = Duration(right) ?? right;
        }
        else if (TakesDuration(right, isArithmetic))
        {
            left = Duration(left) ?? left;
        }

        base.PromoteBinaryOperandTypes(binaryOperatorKind, ref left, ref right, out typeReference);
    }

    private static bool TakesDuration(SingleValueNode node, bool isArithmetic) =>
        node.TypeReference is { } type && (type.IsDuration() || (isArithmetic && (type.IsDateTimeOffset() || type.IsDate())));

    private static ConstantNode? Duration(SingleValueNode node) => node is ConstantNode { Value: string text } && Durations.TimeSpanOf(text) is { } duration
        ? new ConstantNode(duration, $"duration'{text}'", EdmCoreModel.Instance.GetDuration(isNullable: false))
        : null;
}
