namespace ContainerGroups.Host.OData.Reading;

/// <summary>A step of <c>$apply</c> that leaves so many rows: those with the greatest, or the least, of a value.</summary>
internal sealed record CountedStep(int Count, bool IsTop);
