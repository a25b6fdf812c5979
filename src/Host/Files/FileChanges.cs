using System.Threading.Channels;

namespace ContainerGroups.Host.Files;

/// <summary>
/// Tells that something in some directories has changed and come to rest. A directory may come and go: while it isn't there, the
/// nearest one above it is watched. What no event tells (a network file system, a lost event) is covered by a slow rescan.
/// </summary>
internal sealed partial class FileChanges : IDisposable
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IReadOnlyList<string> _directories;
    private readonly FileChangesPace _pace;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);
    private volatile bool _broken;
    private bool _toldFault;

    /// <summary>Watches from now on; everything below the directories counts.</summary>
    public FileChanges(IReadOnlyList<string> directories, FileChangesPace pace, TimeProvider clock, ILogger logger)
    {
        (_directories, _pace, _clock, _logger) = (directories, pace, clock, logger);
        Watch();
    }

    /// <summary>Ends when something has changed since the last call and has been at rest for a while, or when a rescan is due.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Watch();
        using var due = new CancellationTokenSource(_pace.Rescan, _clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, due.Token);
        var moving = await SignaledAsync(stop.Token, cancellationToken);
        // What never comes to rest is looked at when the rescan is due.
        while (moving && !due.IsCancellationRequested)
        {
            using var rest = new CancellationTokenSource(_pace.Rest, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, rest.Token);
            moving = await SignaledAsync(either.Token, cancellationToken);
        }
    }

    /// <summary>Lets the next <see cref="WaitAsync"/> end as if a file had changed.</summary>
    public void Signal() => _signals.Writer.TryWrite(true);

    public void Dispose()
    {
        foreach (var watcher in _watchers.Values)
        {
            watcher.Dispose();
        }

        _watchers.Clear();
    }

    private async Task<bool> SignaledAsync(CancellationToken stop, CancellationToken caller)
    {
        try
        {
            return await _signals.Reader.ReadAsync(stop);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Watch()
    {
        if (_broken)
        {
            _broken = false;
            Dispose();
        }

        var wanted = _directories.Select(directory => (Path: Nearest(directory), Deep: Directory.Exists(directory)))
            .Where(place => place.Path is not null)
            .GroupBy(place => place.Path!, StringComparer.Ordinal).ToDictionary(places => places.Key, places => places.Any(place => place.Deep));
        foreach (var (path, watcher) in _watchers.Where(own => !wanted.TryGetValue(own.Key, out var deep) || deep != own.Value.IncludeSubdirectories).ToList())
        {
            watcher.Dispose();
            _watchers.Remove(path);
        }

        foreach (var (path, deep) in wanted.Where(place => !_watchers.ContainsKey(place.Key)))
        {
            Add(path, deep);
        }
    }

    private void Add(string path, bool deep)
    {
        var watcher = new FileSystemWatcher();
        try
        {
            watcher.Path = path;
            watcher.IncludeSubdirectories = deep;
            watcher.Created += (_, _) => Signal();
            watcher.Changed += (_, _) => Signal();
            watcher.Deleted += (_, _) => Signal();
            watcher.Renamed += (_, _) => Signal();
            watcher.Error += (_, _) => StartAnew();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(path, watcher);
            // What happened before the watch began would be told by nobody.
            Signal();
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher.Dispose();
            if (!_toldFault)
            {
                _toldFault = true;
                LogNotWatched(path, _pace.Rescan.TotalSeconds, e.Message);
            }
        }
    }

    private void StartAnew()
    {
        _broken = true;
        Signal();
    }

    private static string? Nearest(string directory)
    {
        string? path = directory;
        while (path is not null && !Directory.Exists(path))
        {
            path = Path.GetDirectoryName(path);
        }

        return path;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Directory} can't be watched; it is looked at every {Seconds} s instead: {Fault}")]
    private partial void LogNotWatched(string directory, double seconds, string fault);
}
