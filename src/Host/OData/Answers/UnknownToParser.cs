using System.Text.RegularExpressions;
using Microsoft.OData;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>Tells what is right by the protocol, but unknown to the parser, from what is wrong: the parser takes both for wrong.</summary>
internal static partial class UnknownToParser
{
    /// <summary>The refusal that a fault of the parser should have been; null when it is what it says.</summary>
    public static ODataFault? Fault(ServiceRequest request, ODataException e)
    {
        if (request.Option("$apply") is { } apply && Transformations().Match(apply) is { Success: true } transformation)
        {
            return ODataFault.NotImplemented("$apply", $"{transformation.Groups[1].Value} is not supported.", e);
        }

        foreach (var option in (string[])["$filter", "$orderby", "$compute", "$apply"])
        {
            if (request.Option(option) is { } text && Operators().Match(text) is { Success: true } found)
            {
                return ODataFault.NotImplemented(option, $"{found.Value.Trim().TrimEnd('(')} is not supported.", e);
            }
        }

        return null;
    }

    [GeneratedRegex(@"(?:^|/|\(|,)\s*(concat|topcount|topsum|toppercent|bottomcount|bottomsum|bottompercent|rollup|join|outerjoin|nest|orderby|skip|top|search|identity|from|addnested|ancestors|descendants|traverse)\s*(?:\(|/|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Transformations();

    [GeneratedRegex(@"\bisof\s*\(|\bhassubset\s*\(|\bhassubsequence\s*\(|\bgeo\.\w+\s*\(|\$root\b", RegexOptions.CultureInvariant)]
    private static partial Regex Operators();
}
