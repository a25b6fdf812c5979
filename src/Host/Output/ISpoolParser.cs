namespace ContainerGroups.Host.Output;

/// <summary>
/// Turns the bytes of one environment's spool into what is stored: text, and events where there are any. Keeps what is not yet
/// final (half a line) to itself, so that the batch's <see cref="OutputBatch.SpoolEnd"/> only ever stands where a new parser could begin.
/// The result must not depend on how the spool was cut into pieces.
/// </summary>
internal interface ISpoolParser
{
    /// <summary>Takes bytes until they are used up or the batch is full; returns how many it took.</summary>
    int Take(ReadOnlySpan<byte> spool, OutputBatch batch);

    /// <summary>The spool has ended: what was kept is final now.</summary>
    void Complete(OutputBatch batch);

    /// <summary>Looks up what the batch needs from the store before it is written.</summary>
    ValueTask PrepareAsync(OutputBatch batch, CancellationToken cancellationToken);
}
