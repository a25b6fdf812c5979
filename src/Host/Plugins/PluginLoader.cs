using System.Reflection;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>Loads the code of one plugin folder whose manifest is good, and lets it register.</summary>
internal sealed class PluginLoader(TimeProvider clock, TimeSpan deadline)
{
    /// <summary>Loads the plugin. Ends in time, whatever the plugin does: its code runs on a thread that can be left behind.</summary>
    /// <exception cref="PluginRefusedException">It can't be used; the reason says why.</exception>
    public async Task LoadAsync(PluginFiles files, PluginManifest manifest, IPluginRegistry registry, PluginContext context)
    {
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Load(files, manifest, registry, context);
                loaded.SetResult();
            }
            catch (Exception e)
            {
                loaded.SetException(e as PluginRefusedException ?? new PluginRefusedException(Explain(e), cause: e));
            }
        })
        { IsBackground = true, Name = $"plugin {manifest.Id}" }.Start();
        try
        {
            await loaded.Task.WaitAsync(deadline, clock);
        }
        catch (TimeoutException)
        {
            _ = loaded.Task.ContinueWith(late => late.Exception, TaskScheduler.Default);
            throw new PluginRefusedException($"It did not finish registering within {deadline.TotalSeconds:0.###} seconds.");
        }
    }

    private static void Load(PluginFiles files, PluginManifest manifest, IPluginRegistry registry, PluginContext context)
    {
        PluginAssemblyCheck.Run(files, manifest.Assembly);
        var assembly = new PluginLoadContext(manifest.Id, files, manifest.Assembly).LoadMain();
        var entry = FindEntryPoint(assembly, manifest);
        MakePrivateDirectory(context.DataDirectory);
        ((IPlugin)Activator.CreateInstance(entry)!).Register(registry, context);
    }

    /// <summary>Loads every type, so that a broken reference shows now and not in the middle of a job.</summary>
    private static Type FindEntryPoint(Assembly assembly, PluginManifest manifest)
    {
        Type[] types;
        try
        {
            types = assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            var causes = e.LoaderExceptions.OfType<Exception>().Select(cause => cause.Message).Distinct().Take(3);
            throw new PluginRefusedException($"Types of {manifest.Assembly} can't be loaded: {string.Join(" ", causes)}", cause: e);
        }

        var entries = types.Where(type => type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false, IsVisible: true }
            && type.IsAssignableTo(typeof(IPlugin)) && type.GetConstructor(Type.EmptyTypes) is not null).ToList();
        return entries.Count switch
        {
            1 => entries[0],
            0 => throw new PluginRefusedException(
                $"{manifest.Assembly} has no public class with a parameterless constructor that implements {nameof(IPlugin)}."),
            _ => throw new PluginRefusedException(
                $"{manifest.Assembly} has more than one {nameof(IPlugin)}: {string.Join(", ", entries.Select(type => type.FullName))}."),
        };
    }

    private static void MakePrivateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // The outer ones only say that something was called or initialized; the operator needs the cause.
    private static string Explain(Exception e) => e switch
    {
        TargetInvocationException { InnerException: { } inner } => Explain(inner),
        TypeInitializationException { InnerException: { } inner } => Explain(inner),
        FileLoadException { InnerException: FileNotFoundException inner } => inner.Message,
        FileNotFoundException or FileLoadException or BadImageFormatException => e.Message,
        _ => $"It failed while it registered: {e.GetType().Name}: {e.Message}",
    };
}
