using System.Runtime.InteropServices;

namespace ContainerGroups.LocalInstance.Linux;

/// <summary>The system calls that .NET does not offer.</summary>
internal static partial class Libc
{
    public const int NotPermitted = 1;
    public const int NoSuchEntry = 2;
    public const int NoSuchProcess = 3;
    public const int Exists = 17;
    public const int NoSpace = 28;
    public const int NotImplemented = 38;
    public const int QuotaExceeded = 122;

    /// <summary>The numbers of these calls are the same on every architecture.</summary>
    private const long PidfdSendSignal = 424;
    private const long PidfdOpen = 434;
    private const long CloseRange = 436;
    private const long CloseRangeCloseOnExec = 4;

    public static int OpenProcess(int id) => (int)SystemCall(PidfdOpen, id, 0, 0, 0);

    public static int SendSignal(int descriptor, int signal) => (int)SystemCall(PidfdSendSignal, descriptor, signal, 0, 0);

    /// <summary>Has every descriptor from that one on closed in programs that this process starts.</summary>
    public static int CloseOnExec(int first) => (int)SystemCall(CloseRange, first, uint.MaxValue, CloseRangeCloseOnExec, 0);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int id, int signal);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int InotifyAddWatch(int descriptor, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    public static partial int InotifyRemoveWatch(int descriptor, int watch);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, Span<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int GetUserByName(string name, UserEntry* entry, byte* buffer, nint length, out nint result);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long first, long second, long third, long fourth);

    /// <summary>The C library's <c>struct passwd</c> on Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct UserEntry
    {
        public nint Name;
        public nint Password;
        public uint UserId;
        public uint GroupId;
        public nint Description;
        public nint Home;
        public nint Shell;
    }
}
