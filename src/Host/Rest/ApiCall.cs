using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest.Activity;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

/// <summary>One request under way: who asks, the database context of this operation, and how to answer.</summary>
internal sealed class ApiCall(HttpContext http, Caller? caller, AppDb db, ResourceCatalog catalog, ActivityLog activity)
{
    public HttpContext Http => http;

    public AppDb Db => db;

    public ResourceCatalog Catalog => catalog;

    /// <summary>Takes down what the request changes.</summary>
    public ActivityLog Activity => activity;

    /// <summary>The caller of an endpoint that is not open to everybody.</summary>
    public Caller Caller => caller ?? throw new InvalidOperationException("This endpoint is open to anonymous callers.");

    public Caller? CallerOrNobody => caller;

    public CancellationToken Cancellation => http.RequestAborted;

    public PageRequest PageRequest => new(db, Caller, catalog);

    /// <summary>A part of the path, counted from 0 (<c>api</c>), decoded.</summary>
    public string PathSegment(int index) => RawPath.Segment(http, index);

    /// <summary>Answers with JSON, written straight to the connection.</summary>
    public async Task AnswerAsync(int status, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, JsonValues.Options);
        write(writer);
    }

    /// <summary>Answers with a flat object.</summary>
    public Task AnswerAsync(int status, params IEnumerable<(string Key, object? Value)> members) => AnswerAsync(status, writer =>
    {
        writer.WriteStartObject();
        foreach (var (key, value) in members)
        {
            writer.WritePropertyName(key);
            JsonValues.Write(writer, value);
        }

        writer.WriteEndObject();
    });

    public Task AnswerNoContentAsync(int status = StatusCodes.Status204NoContent)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Answers with an object's full representation.</summary>
    public async Task AnswerRowAsync(
        int status, Resource resource, object row, string? namedUrl = null, Action<Utf8JsonWriter>? writeExtra = null)
    {
        // A list of several kinds of objects shows each as its own kind does.
        var own = row.GetType() == resource.EntityType ? resource : catalog.Find(row.GetType()) ?? resource;
        var page = await own.LoadAsync(PageRequest, [row], Cancellation);
        page.NamedUrl = namedUrl;
        page.IsDetail = true;
        page.WriteExtra = writeExtra;
        if (status == StatusCodes.Status201Created)
        {
            http.Response.Headers.Location = own.UrlOf(own.IdOf(row));
        }

        await AnswerAsync(status, writer => own.WriteRow(writer, row, page));
    }
}
