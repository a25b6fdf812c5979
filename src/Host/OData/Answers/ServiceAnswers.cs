using System.Text;
using System.Text.Json;
using System.Xml;
using ContainerGroups.Host.OData.Model;
using Microsoft.OData.Edm.Csdl;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>What the service says of itself: its document, and its schema in both forms.</summary>
internal sealed class ServiceAnswers(EntityCatalog catalog)
{
    private readonly Lazy<byte[]> _xml = new(() => Xml(catalog));
    private readonly Lazy<byte[]> _json = new(() => Json(catalog));

    public async Task DocumentAsync(ServiceRequest request, PayloadWriter payload)
    {
        request.Allow("the service document");
        request.Http.Response.ContentType = request.Format.ContentType;
        var json = payload.Json;
        json.WriteStartObject();
        if (request.Format.Metadata != MetadataLevel.None)
        {
            json.WriteString("@odata.context", $"{request.Root}$metadata");
        }

        json.WriteStartArray("value");
        foreach (var set in catalog.Sets)
        {
            json.WriteStartObject();
            json.WriteString("name", set.SetName);
            json.WriteString("kind", "EntitySet");
            json.WriteString("url", set.SetName);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await payload.FlushAsync(request.Http.RequestAborted);
    }

    public async Task SchemaAsync(ServiceRequest request)
    {
        request.Allow("the schema");
        var isJson = request.Format.WantsJsonSchema;
        request.Http.Response.ContentType = isJson ? "application/json;charset=utf-8" : "application/xml;charset=utf-8";
        await request.Http.Response.Body.WriteAsync(isJson ? _json.Value : _xml.Value, request.Http.RequestAborted);
    }

    private static byte[] Xml(EntityCatalog catalog)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false) }))
        {
            if (!CsdlWriter.TryWriteCsdl(catalog.Schema, writer, CsdlTarget.OData, out var errors))
            {
                throw new InvalidOperationException($"The schema can't be written: {errors.First().ErrorMessage}");
            }
        }

        return stream.ToArray();
    }

    private static byte[] Json(EntityCatalog catalog)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            if (!CsdlWriter.TryWriteCsdl(catalog.Schema, writer, out var errors))
            {
                throw new InvalidOperationException($"The schema can't be written: {errors.First().ErrorMessage}");
            }
        }

        return stream.ToArray();
    }
}
