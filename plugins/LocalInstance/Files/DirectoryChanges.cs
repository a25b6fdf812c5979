using System.Buffers.Binary;
using ContainerGroups.LocalInstance.Linux;

namespace ContainerGroups.LocalInstance.Files;

/// <summary>
/// Tells when something changes in run directories. One inotify instance serves all of them, because a machine has few of those (128
/// for a user); a <see cref="FileSystemWatcher"/> would take one each, or watch every file that jobs write.
/// </summary>
internal sealed class DirectoryChanges
{
    // Modified, moved here, made, removed, the directory itself removed or moved; and only if it is a directory.
    private const uint Mask = 0x2 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800 | 0x01000000;
    private const uint Ignored = 0x8000;
    private const int CloseOnExec = 0x80000;
    private const int HeaderSize = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Watched> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Watched> _byNumber = [];
    private int _descriptor = -1;

    /// <summary>Listens to a directory until disposed.</summary>
    public Subscription Subscribe(string path)
    {
        lock (_lock)
        {
            if (!_byPath.TryGetValue(path, out var watched))
            {
                watched = new Watched(path);
                _byPath.Add(path, watched);
                Add(watched);
            }

            watched.Listeners++;
            return new Subscription(this, watched);
        }
    }

    private void Add(Watched watched)
    {
        if (_descriptor < 0)
        {
            _descriptor = Libc.InotifyInit(CloseOnExec);
            if (_descriptor < 0)
            {
                return;
            }

            var descriptor = _descriptor;
            new Thread(() => Listen(descriptor)) { IsBackground = true, Name = "run directories" }.Start();
        }

        watched.Number = Libc.InotifyAddWatch(_descriptor, watched.Path, Mask);
        if (watched.Number >= 0)
        {
            _byNumber[watched.Number] = watched;
        }
    }

    private void Remove(Watched watched)
    {
        lock (_lock)
        {
            if (--watched.Listeners > 0)
            {
                return;
            }

            RemovePath(watched);
            if (watched.Number >= 0 && _byNumber.GetValueOrDefault(watched.Number) == watched)
            {
                // The kernel answers with an event, which wakes the thread; without anything left to listen to it ends.
                _ = Libc.InotifyRemoveWatch(_descriptor, watched.Number);
            }
        }
    }

    /// <summary>Unless somebody else watches the path by now: the kernel's last word on a watch comes late.</summary>
    private void RemovePath(Watched watched)
    {
        if (_byPath.TryGetValue(watched.Path, out var current) && current == watched)
        {
            _byPath.Remove(watched.Path);
        }
    }

    private void Listen(int descriptor)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = (int)Libc.Read(descriptor, buffer, buffer.Length);
            if (length > 0)
            {
                Handle(buffer.AsSpan(0, length));
            }

            lock (_lock)
            {
                if (_byNumber.Count == 0)
                {
                    _descriptor = -1;
                    _ = Libc.Close(descriptor);
                    return;
                }
            }
        }
    }

    private void Handle(ReadOnlySpan<byte> events)
    {
        while (events.Length >= HeaderSize)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(events);
            var mask = BinaryPrimitives.ReadUInt32LittleEndian(events[4..]);
            var nameLength = BinaryPrimitives.ReadInt32LittleEndian(events[12..]);
            events = events[(HeaderSize + nameLength)..];
            Notify(number, mask);
        }
    }

    private void Notify(int number, uint mask)
    {
        lock (_lock)
        {
            if (number < 0)
            {
                // The kernel's queue was full: anything may have changed.
                foreach (var each in _byNumber.Values)
                {
                    each.Changed();
                }
            }
            else if (_byNumber.TryGetValue(number, out var watched))
            {
                if ((mask & Ignored) != 0)
                {
                    _byNumber.Remove(number);
                    RemovePath(watched);
                    watched.Number = -1;
                }

                watched.Changed();
            }
        }
    }

    /// <summary>One listener's place.</summary>
    internal sealed class Subscription : IDisposable
    {
        private readonly DirectoryChanges _changes;
        private readonly Watched _watched;

        internal Subscription(DirectoryChanges changes, Watched watched) => (_changes, _watched) = (changes, watched);

        /// <summary>Whether changes are told at all; if not (the machine has no watches left), look yourself.</summary>
        public bool Works => _watched.Number >= 0;

        /// <summary>Ends with the first change from now on. Ask for it before looking at the directory, so that none is missed.</summary>
        public Task Next() => _watched.Next();

        public void Dispose() => _changes.Remove(_watched);
    }

    internal sealed class Watched(string path)
    {
        private TaskCompletionSource? _next;

        public string Path { get; } = path;

        public int Number { get; set; } = -1;

        public int Listeners { get; set; }

        public void Changed() => Interlocked.Exchange(ref _next, null)?.TrySetResult();

        public Task Next()
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _next, mine, null) ?? mine).Task;
        }
    }
}
