using Microsoft.OData;

namespace ContainerGroups.Host.ApiTests.OData.Clients;

/// <summary>A row as the library gave it, with what was expanded in it.</summary>
internal sealed class LibraryRow
{
    public ODataResource Resource { get; private set; } = null!;

    public object? this[string property] => Resource.Properties.OfType<ODataProperty>().Single(found => found.Name == property).Value;

    /// <summary>Rows below this one, by the navigation's name; one that is null is an empty list.</summary>
    public Dictionary<string, List<LibraryRow>> Below { get; } = [];

    /// <summary>Reads a page to its end.</summary>
    /// <returns>Where the next one is; null for none.</returns>
    public static Uri? ReadPage(ODataReader reader, List<LibraryRow> rows)
    {
        Uri? next = null;
        var open = new Stack<(string? Name, List<LibraryRow> Rows)>([(null, rows)]);
        var row = new Stack<LibraryRow>();
        while (reader.Read())
        {
            switch (reader.State)
            {
                case ODataReaderState.ResourceStart when reader.Item is not null:
                    var found = new LibraryRow();
                    open.Peek().Rows.Add(found);
                    row.Push(found);
                    break;
                case ODataReaderState.ResourceEnd when reader.Item is ODataResource resource:
                    row.Pop().Resource = resource;
                    break;
                case ODataReaderState.NestedResourceInfoStart:
                    var info = (ODataNestedResourceInfo)reader.Item!;
                    open.Push((info.Name, []));
                    break;
                case ODataReaderState.NestedResourceInfoEnd:
                    var (name, below) = open.Pop();
                    row.Peek().Below[name!] = below;
                    break;
                case ODataReaderState.ResourceSetEnd when row.Count == 0:
                    next = ((ODataResourceSet)reader.Item!).NextPageLink;
                    break;
            }
        }

        return next;
    }
}
