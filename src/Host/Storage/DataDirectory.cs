namespace ContainerGroups.Host.Storage;

/// <summary>
/// The directory in which a host keeps everything that is not in the database: one host each, held by a lock that the
/// operating system drops with the process, however it ends.
/// </summary>
internal sealed class DataDirectory(string root) : IDisposable
{
    private const string LockFile = "host.lock";
    private const string PidFile = "host.pid";
    private const string IdFile = "host.id";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(1);

    private FileStream? _lock;
    private Guid? _id;

    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>On the same file system as the rest, emptied at every start: what is written here may be renamed into place.</summary>
    public string Temporary => Subdirectory("tmp");

    /// <summary>Made once with the directory; known from <see cref="OpenAsync"/> on.</summary>
    public Guid Id => _id ?? throw new InvalidOperationException("The data directory is not held yet.");

    /// <summary>Where <c>Data</c> of the configuration says.</summary>
    public static string PathFrom(IConfiguration configuration) => Path.GetFullPath(configuration["Data"] is { Length: > 0 } path ? path : "data");

    /// <summary>Makes the directory where it is missing and holds it until disposed; refuses one that another host holds.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            CreateForOwner(Root);
            _lock = await LockAsync(cancellationToken)
                ?? throw new StorageException($"The data directory {Root} is in use by another host{Holder()}; every host needs its own.");
            await File.WriteAllTextAsync(
                Path.Combine(Root, PidFile), Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), cancellationToken);
            Empty(Temporary);
            _id = ReadOrMakeId();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(exception);
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
        try
        {
            // First: what is made on the way to something else gets the rights of everything that is made.
            CreateForOwner(Root);
            CreateForOwner(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(exception);
        }

        return path;
    }

    // The lock file stays: to remove it would let a third host lock a new file while a second one holds the old.
    public void Dispose() => _lock?.Dispose();

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

    /// <summary>With a moment's patience: <see cref="IsInUse"/> holds the lock while it looks.</summary>
    private async Task<FileStream?> LockAsync(CancellationToken cancellationToken)
    {
        var pause = LockPatience / 20;
        for (var waited = TimeSpan.Zero; waited < LockPatience; waited += pause)
        {
            if (TryLock(Root) is { } held)
            {
                return held;
            }

            await Task.Delay(pause, cancellationToken);
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

    private StorageException Unusable(Exception exception) => new($"The data directory {Root} can't be used: {exception.Message}", exception);

    private string Holder()
    {
        var file = Path.Combine(Root, PidFile);
        return File.Exists(file) ? $" (process {File.ReadAllText(file).Trim()})" : "";
    }

    private static void Empty(string path)
    {
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
