namespace ContainerGroups.Host.Storage;

/// <summary>
/// The directory in which a host keeps everything that is not in the database: one host each, held by a lock that the
/// operating system drops with the process, however it ends.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const string LockFile = "host.lock";
    private const string PidFile = "host.pid";
    private const string IdFile = "host.id";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream heldLock)
    {
        Root = path;
        _lock = heldLock;
        Temporary = Subdirectory("tmp");
        Id = ReadOrMakeId();
    }

    public string Root { get; }

    /// <summary>Made once with the directory.</summary>
    public Guid Id { get; }

    /// <summary>On the same file system as the rest, emptied at every start: what is written here may be renamed into place.</summary>
    public string Temporary { get; }

    /// <summary>Where <c>Data</c> of the configuration says.</summary>
    public static string PathFrom(IConfiguration configuration) => Path.GetFullPath(configuration["Data"] is { Length: > 0 } path ? path : "data");

    /// <summary>Makes the directory where it is missing and holds it until disposed; refuses one that another host holds.</summary>
    public static DataDirectory Open(string path)
    {
        try
        {
            CreateForOwner(path);
            var held = Lock(path) ?? throw new StorageException($"The data directory {path} is in use by another host{Holder(path)}; every host needs its own.");
            File.WriteAllText(Path.Combine(path, PidFile), Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Empty(Path.Combine(path, "tmp"));
            return new DataDirectory(path, held);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The data directory {path} can't be used: {exception.Message}", exception);
        }
    }

    /// <summary>Whether a living host holds the directory at this moment.</summary>
    public static bool IsInUse(string path)
    {
        if (!File.Exists(Path.Combine(path, LockFile)))
        {
            return false;
        }

        using var held = TryLock(path);
        return held is null;
    }

    /// <summary>A directory below this one, made for the owner alone where it is missing.</summary>
    public string Subdirectory(string name)
    {
        var path = Path.Combine(Root, name);
        CreateForOwner(path);
        return path;
    }

    // The lock file stays: to remove it would let a third host lock a new file while a second one holds the old.
    public void Dispose() => _lock.Dispose();

    private Guid ReadOrMakeId()
    {
        var file = Path.Combine(Root, IdFile);
        if (File.Exists(file) && Guid.TryParse(File.ReadAllText(file), out var id))
        {
            return id;
        }

        id = Guid.NewGuid();
        var whole = Path.Combine(Temporary, IdFile);
        File.WriteAllText(whole, id.ToString());
        File.Move(whole, file, overwrite: true);
        return id;
    }

    private static void CreateForOwner(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    /// <summary>A moment's patience: a killed process lets go of its files a little after it is gone, and <see cref="IsInUse"/> holds the lock while it looks.</summary>
    private static FileStream? Lock(string path)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            if (TryLock(path) is { } held)
            {
                return held;
            }

            Thread.Sleep(50);
        }

        return null;
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException))
        {
            // The subclasses say that the file can't be made; the plain one says that it is held.
            return null;
        }
    }

    private static string Holder(string path)
    {
        var file = Path.Combine(path, PidFile);
        return File.Exists(file) ? $" (process {File.ReadAllText(file).Trim()})" : "";
    }

    private static void Empty(string path)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
        {
            try
            {
                if (entry is DirectoryInfo directory && entry.LinkTarget is null)
                {
                    directory.Delete(recursive: true);
                }
                else
                {
                    entry.Delete();
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // What another user left there is no reason not to start; the next start tries again.
            }
        }
    }
}
