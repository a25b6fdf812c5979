namespace ContainerGroups.Host.OData.Reading;

/// <summary>What a page of rows looks like. Nothing in it belongs to the request that it was made for.</summary>
/// <param name="Shape">What of each row is written.</param>
/// <param name="Size">Rows to write; one more is read, to know whether there is another page.</param>
/// <param name="Left">How many rows <c>$top</c> leaves for the pages after this one; null when it sets no end.</param>
/// <param name="TokenCell">Where the values begin that the next page begins behind; -1 when pages are counted.</param>
/// <param name="Cells">How many values a row has, those included.</param>
/// <param name="Skipped">Rows that pages before this one had, when pages are counted.</param>
/// <param name="AlwaysHasRow">One row of nulls stands for no row at all: an aggregate of nothing is still one answer.</param>
internal sealed record Page(Shape Shape, int Size, int? Left, int TokenCell, int Cells, int Skipped, bool AlwaysHasRow);
