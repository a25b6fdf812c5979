using System.Text.Json;

namespace ContainerGroups.TestPlugins;

/// <summary>
/// The environments on disk. A record is written whole or not at all, under a lock that other processes respect, so that a
/// host may be killed at any line and another, on the same directory, goes on.
/// </summary>
internal sealed class FakeStore
{
    private const string EnvironmentFile = "environment.json";
    private const string StartFile = "start.json";
    private const string CancelFile = "cancel.json";
    private const string OutputFile = "output";

    private readonly string _environments;
    private readonly string _lockFile;
    private readonly string _startsFile;

    public FakeStore(string directory)
    {
        _environments = Directory.CreateDirectory(Path.Combine(directory, "environments")).FullName;
        _lockFile = Path.Combine(directory, "lock");
        _startsFile = Path.Combine(directory, "starts.log");
    }

    /// <summary>A file beside the environments that may become the output of one.</summary>
    public string NewFile() => Path.Combine(_environments, $".{Guid.NewGuid():N}");

    public IEnumerable<string> Names => Directory.EnumerateDirectories(_environments).Select(path => Path.GetFileName(path))
        .Where(name => !name.StartsWith('.'));

    public EnvironmentRecord? ReadEnvironment(string name) => Read<EnvironmentRecord>(name, EnvironmentFile);

    public StartRecord? ReadStart(string name) => Read<StartRecord>(name, StartFile);

    public CancelRecord? ReadCancel(string name) => Read<CancelRecord>(name, CancelFile);

    /// <summary>What the program prints, where it prints a file; null where not.</summary>
    public string? OutputOf(string name) =>
        Path.Combine(_environments, name, OutputFile) is var path && File.Exists(path) ? path : null;

    public void Create(string name, EnvironmentRecord record)
    {
        using var held = Lock();
        if (Directory.Exists(Path.Combine(_environments, name)))
        {
            return;
        }

        var unborn = Directory.CreateDirectory(NewFile()).FullName;
        File.WriteAllText(Path.Combine(unborn, EnvironmentFile), JsonSerializer.Serialize(record));
        Directory.Move(unborn, Path.Combine(_environments, name));
    }

    /// <summary>Starts the program unless it was started or canceled before; says whether it did.</summary>
    /// <param name="name">The environment.</param>
    /// <param name="record">What is started.</param>
    /// <param name="output">A file with what it prints, which is moved; null where it prints none.</param>
    public bool Start(string name, StartRecord record, string? output)
    {
        using var held = Lock();
        if (ReadStart(name) is not null || ReadCancel(name) is not null)
        {
            File.Delete(output ?? NewFile());
            return false;
        }

        if (output is not null)
        {
            File.Move(output, Path.Combine(_environments, name, OutputFile), overwrite: true);
        }

        Write(name, StartFile, record);
        File.AppendAllText(_startsFile, $"{name}\n");
        return true;
    }

    /// <summary>Leaves the order to end; a shorter grace time that comes later holds.</summary>
    public void Cancel(string name, CancelRecord record)
    {
        using var held = Lock();
        if (Directory.Exists(Path.Combine(_environments, name))
            && (ReadCancel(name) is not { } earlier || earlier.At + earlier.Grace > record.At + record.Grace))
        {
            Write(name, CancelFile, record);
        }
    }

    public void Destroy(string name)
    {
        using var held = Lock();
        var path = Path.Combine(_environments, name);
        if (Directory.Exists(path))
        {
            var dying = NewFile();
            Directory.Move(path, dying);
            Directory.Delete(dying, recursive: true);
        }
    }

    /// <summary>Counts something per job, beyond the life of its environments.</summary>
    public int Count(string key)
    {
        using var held = Lock();
        var file = Path.Combine(Path.GetDirectoryName(_lockFile)!, $"count-{key}");
        var count = File.Exists(file) ? (int)new FileInfo(file).Length : 0;
        File.AppendAllText(file, "x");
        return count + 1;
    }

    private T? Read<T>(string name, string file)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(_environments, name, file)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
    }

    private void Write<T>(string name, string file, T record)
    {
        var path = Path.Combine(_environments, name, file);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(record));
        File.Move(path + ".new", path, overwrite: true);
    }

    private FileStream Lock()
    {
        while (true)
        {
            try
            {
                return new FileStream(_lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(_lockFile))
            {
                // Held for a few file operations at most, by a thread here or by another process.
                Thread.Sleep(1);
            }
        }
    }
}
