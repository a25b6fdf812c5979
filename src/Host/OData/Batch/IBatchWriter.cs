namespace ContainerGroups.Host.OData.Batch;

/// <summary>Writes the answers of a batch in one of its forms.</summary>
internal interface IBatchWriter : IDisposable
{
    string ContentType { get; }

    void Start();

    void Write(BatchPart part, HttpResponse answer, ReadOnlySpan<byte> body);

    void End();

    /// <summary>Sends what has been written so far.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
