using ContainerGroups.Host.OData.Model;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>What a request for a set of entities has come to, ready for whoever asks the same again. Nothing in it belongs to one request.</summary>
/// <param name="Entity">What the rows are.</param>
/// <param name="Page">What a page of them looks like.</param>
/// <param name="Rows">What reads them.</param>
/// <param name="Behind">The types of the values that the page begins behind; empty for the first page.</param>
internal sealed record Plan(EntityModel Entity, Page Page, Statement Rows, IReadOnlyList<Type> Behind)
{
    /// <summary>What varies from run to run; null when the token has a null in it, for which there would be another statement.</summary>
    public object[]? ValuesOf(string? token) => token is null ? [] : SkipToken.Known(token, Behind);
}
