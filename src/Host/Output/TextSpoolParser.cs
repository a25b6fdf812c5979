namespace ContainerGroups.Host.Output;

/// <summary>For programs that are no Ansible: the spool is the text, byte by byte.</summary>
internal sealed class TextSpoolParser : ISpoolParser
{
    public int Take(ReadOnlySpan<byte> spool, OutputBatch batch)
    {
        var taken = Math.Min(spool.Length, batch.Room);
        batch.AppendText(spool[..taken]);
        batch.AdvanceSpool(taken);
        return taken;
    }

    public void Complete(OutputBatch batch)
    {
    }

    public ValueTask PrepareAsync(OutputBatch batch, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
