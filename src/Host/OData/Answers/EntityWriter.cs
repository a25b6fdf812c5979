using System.Globalization;
using System.Text.Json;
using ContainerGroups.Host.OData.Binding;
using ContainerGroups.Host.OData.Model;
using ContainerGroups.Host.OData.Reading;
using Microsoft.OData.Edm;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>Writes rows as their shape says, and reads what is expanded below them as it comes to it.</summary>
internal sealed class EntityWriter(ReadContext context, DatabaseRead database, PayloadWriter payload, Uri root)
{
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("@odata.id");
    private static readonly JsonEncodedText TypeName = JsonEncodedText.Encode("@odata.type");
    private static readonly JsonEncodedText ReadLink = JsonEncodedText.Encode("@odata.readLink");

    private readonly Dictionary<EntityModel, string> _urls = [];
    private readonly ExpandedRows _expanded = new(context, database);

    /// <summary>Whether what is written has entities of several types, so that each has to say of which it is.</summary>
    public bool IsMixed { get; init; }

    private Utf8JsonWriter Json => payload.Json;

    /// <summary>What is read ahead, for several rows together.</summary>
    public ExpandedRows Expanded => _expanded;

    private MetadataLevel Level => payload.Format.Metadata;

    /// <summary>An object; between its brackets first what the caller writes.</summary>
    /// <param name="shape">What of the row is written.</param>
    /// <param name="row">The row.</param>
    /// <param name="expandText">What <c>$expand</c> was, as written, for links to what did not fit.</param>
    /// <param name="head">Writes annotations that come first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask WriteAsync(Shape shape, RowValues row, string expandText, Action? head, CancellationToken cancellationToken)
    {
        Json.WriteStartObject();
        head?.Invoke();
        Members(shape, row);
        foreach (var inner in shape.Entities)
        {
            if (inner.Shape.HasCollections && row[inner.Shape.KeyCell] is not null)
            {
                Links(shape, row, inner.Name.ToString());
                Json.WritePropertyName(inner.Name);
                await WriteAsync(inner.Shape, row, ExpandText.Inside(expandText, inner.Name.ToString(), "$expand"), null, cancellationToken);
            }
            else
            {
                Entity(shape, inner, row);
            }
        }

        foreach (var collection in shape.Collections)
        {
            Links(shape, row, collection.Navigation.Name);
            await CollectionAsync(shape, collection, row, expandText, cancellationToken);
        }

        Json.WriteEndObject();
    }

    /// <summary>The same for a shape without collections: nothing to wait for.</summary>
    public void Write(Shape shape, RowValues row)
    {
        Json.WriteStartObject();
        Members(shape, row);
        foreach (var inner in shape.Entities)
        {
            Entity(shape, inner, row);
        }

        Json.WriteEndObject();
    }

    public void Reference(EntityModel entity, object key)
    {
        Json.WriteStartObject();
        Json.WriteString(Id, UrlOf(entity, key));
        Json.WriteEndObject();
    }

    public string UrlOf(EntityModel entity, object key)
    {
        if (!_urls.TryGetValue(entity, out var url))
        {
            _urls.Add(entity, url = $"{root}{entity.SetName}(");
        }

        return string.Concat(url, Convert.ToString(key, CultureInfo.InvariantCulture), ")");
    }

    private void Members(Shape shape, RowValues row)
    {
        var isFull = Level == MetadataLevel.Full;
        var isPlain = payload.Format.IsPlain;
        if (shape.Entity is { } entity && row[shape.KeyCell] is { } key)
        {
            Annotate(shape, entity, key, isFull);
        }

        foreach (var column in shape.Columns)
        {
            if (isPlain && row.TryWrite(Json, column))
            {
                continue;
            }

            var value = row[column.Cell];
            if (value is null && payload.Format.OmitsNulls)
            {
                continue;
            }

            if (isFull && value is not null and not string and not bool and not double)
            {
                Json.WriteString(column.TypeName, "#" + column.Kind);
            }

            Json.WritePropertyName(column.Name);
            payload.Value(column.Kind, value);
        }
    }

    private void Annotate(Shape shape, EntityModel entity, object key, bool isFull)
    {
        if (isFull)
        {
            var url = UrlOf(entity, key);
            Json.WriteString(TypeName, $"#{EdmSchema.Namespace}.{entity.TypeName}");
            Json.WriteString(Id, url);
            Json.WriteString(ReadLink, url);
            foreach (var navigation in entity.Navigations.Where(navigation => !shape.Expands(navigation)))
            {
                Links(url, navigation.Name);
            }
        }
        else if (Level == MetadataLevel.Minimal && (IsMixed || !shape.HasKeyColumn))
        {
            if (IsMixed)
            {
                Json.WriteString(TypeName, $"#{EdmSchema.Namespace}.{entity.TypeName}");
            }

            // Without its key, a client could not say which entity this is.
            Json.WriteString(Id, UrlOf(entity, key));
        }
    }

    /// <summary>The links of what is expanded: they have to stand beside it.</summary>
    private void Links(Shape shape, RowValues row, string navigation)
    {
        if (Level == MetadataLevel.Full && shape.Entity is { } entity && row[shape.KeyCell] is { } key)
        {
            Links(UrlOf(entity, key), navigation);
        }
    }

    private void Links(string url, string navigation)
    {
        Json.WriteString($"{navigation}@odata.associationLink", $"{url}/{navigation}/$ref");
        Json.WriteString($"{navigation}@odata.navigationLink", $"{url}/{navigation}");
    }

    private void Entity(Shape shape, ShapeEntity inner, RowValues row)
    {
        var key = inner.Shape.KeyCell >= 0 ? row[inner.Shape.KeyCell] : inner.Shape.IsAbsent(row) ? null : row;
        if (key is null && payload.Format.OmitsNulls)
        {
            return;
        }

        Links(shape, row, inner.Name.ToString());
        Json.WritePropertyName(inner.Name);
        if (key is null)
        {
            Json.WriteNullValue();
        }
        else if (inner.IsReference)
        {
            Reference(inner.Shape.Entity!, key);
        }
        else
        {
            Write(inner.Shape, row);
        }
    }

    private async ValueTask CollectionAsync(Shape shape, ShapeCollection collection, RowValues row, string expandText, CancellationToken cancellationToken)
    {
        var navigation = collection.Navigation;
        if (row[collection.ParentCell] is not { } parent)
        {
            Json.WriteNull(navigation.EncodedName);
            return;
        }

        var below = _expanded.Of(collection, parent);
        if (collection.IsCounted)
        {
            Json.WritePropertyName(collection.CountName);
            payload.Value(EdmPrimitiveTypeKind.Int64, below?.Count ?? await CountAsync(collection, parent));
        }

        if (collection.Form == CollectionForm.Count)
        {
            return;
        }

        var inner = below?.Rows ?? await ReadAsync(collection, parent, cancellationToken);
        // Only what is below these needs it; to find it takes longer than to write a row.
        var nested = collection.Page.Shape.HasCollections ? ExpandText.Inside(expandText, navigation.Name, "$expand") : "";
        Json.WritePropertyName(navigation.EncodedName);
        if (!navigation.IsCollection)
        {
            await OneAsync(collection, inner, nested, cancellationToken);
            return;
        }

        var page = collection.Page;
        Json.WriteStartArray();
        var batch = below is null && page.Shape.HasCollections ? _expanded.BatchSize(page.Shape) : int.MaxValue;
        for (var i = 0; i < inner.Count && i < page.Size; i++)
        {
            if (below is null && i % batch == 0)
            {
                await _expanded.ReadAsync(page.Shape, inner[i..(int)Math.Min((long)i + batch, Math.Min(inner.Count, page.Size))], cancellationToken);
            }

            await ItemAsync(collection, inner[i], nested, cancellationToken);
        }

        if (inner.Count == 0 && page.AlwaysHasRow)
        {
            Write(page.Shape, Aggregates.OfNothing(page.Shape));
        }

        Json.WriteEndArray();
        if (inner.Count > page.Size && row[shape.KeyCell] is { } key && shape.Entity is { } owner)
        {
            var options = string.Join('&', ExpandText.Options(expandText, navigation.Name));
            Json.WriteString(collection.NextLinkName, NextLink.Of(page, inner[page.Size - 1].Copy(page.Cells), $"{UrlOf(owner, key)}/{navigation.Name}", options));
        }
    }

    private async ValueTask OneAsync(ShapeCollection collection, List<RowValues> rows, string nested, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            Json.WriteNullValue();
        }
        else
        {
            await ItemAsync(collection, rows[0], nested, cancellationToken);
        }
    }

    private async ValueTask ItemAsync(ShapeCollection collection, RowValues row, string nested, CancellationToken cancellationToken)
    {
        if (collection.Form == CollectionForm.References)
        {
            Reference(collection.Navigation.Target, row[collection.Page.Shape.KeyCell]!);
        }
        else
        {
            await WriteAsync(collection.Page.Shape, row, nested, null, cancellationToken);
        }

        await payload.FlushIfFullAsync(cancellationToken);
    }

    private Task<long> CountAsync(ShapeCollection collection, object parent) => database.CountAsync(
        EntityQuery.BuildTotal(context, collection.Navigation.Target, context.Many(collection.Navigation, parent), collection.Options));

    /// <summary>A page, as large as a page may be: a connection reads one result at a time, and more is expanded below each of these.</summary>
    private async Task<List<RowValues>> ReadAsync(ShapeCollection collection, object parent, CancellationToken cancellationToken)
    {
        var source = context.Many(collection.Navigation, parent);
        var query = EntityQuery.Build(context, collection.Navigation.Target, source, collection.Options, context.Limits.PageSize, 0);
        var rows = new List<RowValues>();
        await foreach (var row in database.RowsAsync(query.Rows, cancellationToken))
        {
            rows.Add(new KeptRow(row));
        }

        return rows;
    }
}
