using System.Text;

namespace ContainerGroups.Host.Projects;

/// <summary>What one archive may hold: names that stay inside, each once, and no more of anything than the limits say.</summary>
internal sealed class ArchiveGuard(ProjectsOptions options, long archiveBytes)
{
    private const int MaxName = 4096;

    private const int MaxPart = 255;

    /// <summary>Text of little content shrinks a lot, and does no harm.</summary>
    private const long RatioMatters = 16 << 20;

    private readonly Dictionary<string, bool> _isDirectory = new(StringComparer.Ordinal);
    private int _entries;
    private long _unpacked;

    /// <summary>The name under which the entry may be unpacked; empty for the root of the archive itself.</summary>
    public string Admit(string name, bool isDirectory)
    {
        if (++_entries > options.MaxArchiveEntries)
        {
            throw ArchiveRefusedException.Entry(name, $"is one too many: at most {options.MaxArchiveEntries} are taken");
        }

        RequireText(name);
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToArray();
        foreach (var part in parts)
        {
            RequirePart(name, part);
        }

        if (parts.Length == 0)
        {
            return isDirectory ? "" : throw ArchiveRefusedException.Entry(name, "has no name");
        }

        var clean = string.Join('/', parts);
        Claim(name, clean, isDirectory);
        return clean;
    }

    /// <summary>Counts what a file unpacks to.</summary>
    public void Count(string name, long bytes)
    {
        _unpacked += bytes;
        if (_unpacked > options.MaxUnpackedBytes)
        {
            throw ArchiveRefusedException.Entry(name, $"makes the archive unpack to more than {options.MaxUnpackedBytes} bytes");
        }

        if (_unpacked > RatioMatters && _unpacked / options.MaxArchiveRatio > archiveBytes)
        {
            throw ArchiveRefusedException.Entry(name, $"makes the archive unpack to more than {options.MaxArchiveRatio} times its length");
        }
    }

    private static void RequireText(string name)
    {
        if (name.StartsWith('/') || (name.Length > 1 && char.IsAsciiLetter(name[0]) && name[1] == ':'))
        {
            throw ArchiveRefusedException.Entry(name, "has an absolute path");
        }

        if (name.Contains('\\'))
        {
            throw ArchiveRefusedException.Entry(name, "has a backslash in its name: paths are written with /");
        }

        if (name.Contains('\uFFFD') || name.Any(char.IsControl))
        {
            throw ArchiveRefusedException.Entry(name, "has a name with control characters, or one that is not UTF-8");
        }

        if (Encoding.UTF8.GetByteCount(name) > MaxName)
        {
            throw ArchiveRefusedException.Entry(name, $"has a path of more than {MaxName} bytes");
        }
    }

    private static void RequirePart(string name, string part)
    {
        if (part == "..")
        {
            throw ArchiveRefusedException.Entry(name, "has \"..\" in its path");
        }

        if (Encoding.UTF8.GetByteCount(part) > MaxPart)
        {
            throw ArchiveRefusedException.Entry(name, $"has a name of more than {MaxPart} bytes");
        }
    }

    /// <summary>A directory may be named often, a file once, and nothing may be both.</summary>
    private void Claim(string name, string clean, bool isDirectory)
    {
        for (var slash = clean.IndexOf('/'); slash >= 0; slash = clean.IndexOf('/', slash + 1))
        {
            var parent = clean[..slash];
            if (!_isDirectory.TryAdd(parent, true) && !_isDirectory[parent])
            {
                throw ArchiveRefusedException.Entry(name, $"lies below \"{parent}\", which is a file");
            }
        }

        if (!_isDirectory.TryAdd(clean, isDirectory) && !(isDirectory && _isDirectory[clean]))
        {
            throw ArchiveRefusedException.Entry(name, "is there twice");
        }
    }
}
