namespace ContainerGroups.Host.Projects;

/// <summary>
/// Directories of this host that are filled once, used by many and removed when there are too many.
/// A directory appears under its key by a rename, so a crash never leaves half of one behind.
/// </summary>
internal sealed class SnapshotCache(string directory, int keepUnused, TimeProvider clock)
{
    private const string Unfinished = ".unfinished-";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private bool _swept;

    /// <summary>Takes the directory of <paramref name="key"/> into use; <paramref name="fill"/> makes it when it is not there.</summary>
    /// <param name="key">A name that is safe as a file's name.</param>
    /// <param name="fill">Fills the empty directory that it is given; called by one caller at a time.</param>
    /// <param name="cancellationToken">Ends the wait and the filling.</param>
    public async Task<SnapshotLease> OpenAsync(string key, Func<string, CancellationToken, Task> fill, CancellationToken cancellationToken)
    {
        var entry = Enter(key);
        try
        {
            await entry.Filling.WaitAsync(cancellationToken);
            try
            {
                await FillIfMissingAsync(key, fill, cancellationToken);
            }
            finally
            {
                entry.Filling.Release();
            }

            return new SnapshotLease(this, key, PathOf(key));
        }
        catch
        {
            Release(key);
            throw;
        }
    }

    public void Release(string key)
    {
        List<string> removed;
        lock (_lock)
        {
            var entry = _entries[key];
            if (--entry.Users == 0)
            {
                _entries.Remove(key);
            }

            removed = SetAside();
        }

        removed.ForEach(Remove);
    }

    private Entry Enter(string key)
    {
        List<string> leftovers = [];
        lock (_lock)
        {
            if (!_swept)
            {
                _swept = true;
                Directory.CreateDirectory(directory);
                leftovers.AddRange(Directory.EnumerateDirectories(directory, Unfinished + "*"));
            }

            if (!_entries.TryGetValue(key, out var entry))
            {
                _entries[key] = entry = new Entry();
            }

            entry.Users++;
            leftovers.ForEach(Remove);
            return entry;
        }
    }

    private async Task FillIfMissingAsync(string key, Func<string, CancellationToken, Task> fill, CancellationToken cancellationToken)
    {
        var target = PathOf(key);
        if (!Directory.Exists(target))
        {
            var unfinished = NewUnfinished();
            Directory.CreateDirectory(unfinished);
            try
            {
                await fill(unfinished, cancellationToken);
                Directory.Move(unfinished, target);
            }
            catch
            {
                Remove(unfinished);
                throw;
            }
        }

        Directory.SetLastWriteTimeUtc(target, clock.GetUtcNow().UtcDateTime);
    }

    /// <summary>Renames what is too much, which is quick enough for the lock; the removal itself is not.</summary>
    private List<string> SetAside()
    {
        var superfluous = new DirectoryInfo(directory).EnumerateDirectories()
            .Where(d => !d.Name.StartsWith(Unfinished, StringComparison.Ordinal) && !_entries.ContainsKey(d.Name))
            .OrderByDescending(d => d.LastWriteTimeUtc).Skip(keepUnused).ToList();
        var aside = new List<string>();
        foreach (var unused in superfluous)
        {
            var to = NewUnfinished();
            try
            {
                Directory.Move(unused.FullName, to);
                aside.Add(to);
            }
            catch (IOException)
            {
                // It stays for the next time: to have given a directory back must not fail.
            }
        }

        return aside;
    }

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Swept again at the next start: nothing refers to it.
        }
    }

    private string NewUnfinished() => Path.Combine(directory, Unfinished + Guid.NewGuid().ToString("N"));

    private string PathOf(string key) => Path.Combine(directory, key);

    private sealed class Entry
    {
        public SemaphoreSlim Filling { get; } = new(1, 1);

        public int Users { get; set; }
    }
}
