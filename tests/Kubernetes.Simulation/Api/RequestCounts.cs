namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>How often each kind of request has come in, whatever its answer.</summary>
public sealed class RequestCounts
{
    private readonly int[] _counts = new int[Enum.GetValues<RequestKind>().Length];
    private int _watches;
    private int _execs;
    private int _connections;

    public int this[RequestKind kind] => Volatile.Read(ref _counts[(int)kind]);

    public int Total => _counts.Sum();

    /// <summary>Watches that are open now.</summary>
    public int OpenWatches => Volatile.Read(ref _watches);

    /// <summary>Exec connections that are open now.</summary>
    public int OpenExecs => Volatile.Read(ref _execs);

    /// <summary>Connections that have been accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public void Reset() => Array.Clear(_counts);

    internal void Add(RequestKind kind) => Interlocked.Increment(ref _counts[(int)kind]);

    internal void AddWatch(int change) => Interlocked.Add(ref _watches, change);

    internal void AddExec(int change) => Interlocked.Add(ref _execs, change);

    internal void AddConnection() => Interlocked.Increment(ref _connections);
}
