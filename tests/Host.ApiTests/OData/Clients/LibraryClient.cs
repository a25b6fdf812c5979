using System.Net.Http.Headers;
using System.Text;
using Microsoft.OData;
using Microsoft.OData.Edm;

namespace ContainerGroups.Host.ApiTests.OData.Clients;

/// <summary>
/// A client made of Microsoft's library of OData, on which its .NET clients stand: the library reads the schema, and by that alone every
/// answer, as strictly as it can. It follows the links that the library found.
/// </summary>
internal sealed class LibraryClient : IDisposable
{
    private readonly HttpClient _http;

    public LibraryClient(Uri root, string user, string password)
    {
        _http = new HttpClient { BaseAddress = root };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        _http.DefaultRequestHeaders.Add("OData-MaxVersion", "4.0");
    }

    public IEdmModel Schema { get; private set; } = EdmCoreModel.Instance;

    public Uri Root => _http.BaseAddress!;

    public async Task LearnSchemaAsync()
    {
        using var reader = await ReaderAsync("$metadata", "application/xml");
        Schema = reader.ReadMetadataDocument();
    }

    public async Task<ODataMessageReader> ReaderAsync(string url, string accept = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await ReaderAsync(request);
    }

    public async Task<ODataMessageReader> ReaderAsync(HttpRequestMessage request) =>
        Reader(await LibraryMessage.OfAsync(await _http.SendAsync(request)));

    public ODataMessageReader Reader(IODataResponseMessage message) => new(message, Settings(), Schema);

    /// <summary>Every row of every page.</summary>
    public async Task<List<LibraryRow>> RowsAsync(string url, string accept = "application/json", int? pageSize = null)
    {
        var rows = new List<LibraryRow>();
        Uri? next = new(Root, url);
        while (next is not null)
        {
            (string, string)[] headers = pageSize is null ? [] : [("Prefer", $"odata.maxpagesize={pageSize}")];
            using var reader = await ReaderAsync(next.AbsoluteUri, accept, headers);
            next = LibraryRow.ReadPage(reader.CreateODataResourceSetReader(), rows);
        }

        return rows;
    }

    public void Dispose() => _http.Dispose();

    private ODataMessageReaderSettings Settings() => new()
    {
        BaseUri = Root,
        // A client has to be prepared for properties that the schema does not have: those of $compute and $apply.
        Validations = ValidationKinds.All & ~ValidationKinds.ThrowOnUndeclaredPropertyForNonOpenType,
        MessageQuotas = new ODataMessageQuotas { MaxReceivedMessageSize = long.MaxValue },
    };
}
