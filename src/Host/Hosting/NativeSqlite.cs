using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace ContainerGroups.Host.Hosting;

/// <summary>
/// The native part of SQLite in an executable that is one file: loaded from a file in memory, so that it needs no place on disk where
/// the service may write and run what it wrote.
/// </summary>
internal static partial class NativeSqlite
{
    private const string Resource = "native/libe_sqlite3.so";
    private const string Library = "e_sqlite3";
    private const uint CloseOnExec = 1;

    private static readonly Lazy<IntPtr> Handle = new(Load);

    /// <summary>Offers the library of this executable, where it has one, to whoever doesn't find it on disk.</summary>
    public static void Offer() =>
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name is Library or $"lib{Library}" or $"lib{Library}.so" ? Handle.Value : IntPtr.Zero;

    private static IntPtr Load()
    {
        using var library = typeof(NativeSqlite).Assembly.GetManifestResourceStream(Resource);
        if (library is null)
        {
            return IntPtr.Zero;
        }

        var descriptor = CreateMemoryFile(Library, CloseOnExec);
        if (descriptor < 0)
        {
            throw new InvalidOperationException($"The kernel gives no memory for the SQLite library: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }

        // The loader maps it; the descriptor is not needed after that.
        var path = $"/proc/self/fd/{descriptor}";
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            library.CopyTo(file);
        }

        return NativeLibrary.Load(path);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
