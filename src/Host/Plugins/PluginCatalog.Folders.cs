namespace ContainerGroups.Host.Plugins;

/// <summary>How folders come, change and go while the server runs. Nothing is ever unloaded.</summary>
internal sealed partial class PluginCatalog
{
    private const string Replaced = "Its folder was changed after it was loaded; the new files are used when the server is restarted.";
    private const string Removed = "Its folder is gone; it works until the server is restarted, and is missing from then on.";

    // All of these are touched by the one scan that runs.
    private readonly Dictionary<string, KnownFolder> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _moving = new(StringComparer.Ordinal);
    private readonly HashSet<string> _toldMissing = new(StringComparer.Ordinal);

    /// <summary>True when the folder has to be looked at again before it may be loaded.</summary>
    private async Task<bool> LookAsync(PluginDirectory folder, PluginHostContext host, bool patient)
    {
        var stamp = StampOf(folder);
        var known = _known.GetValueOrDefault(folder.Location);
        if (known?.Stamp == stamp && _set.Plugins.All(plugin => plugin.Directory != folder.Location || plugin.RestartReason != Removed))
        {
            return false;
        }

        // What looks the same twice in a row is no copy in progress.
        if (patient && _moving.GetValueOrDefault(folder.Location) != stamp)
        {
            _moving[folder.Location] = stamp;
            return true;
        }

        _moving.Remove(folder.Location);
        if (known?.Loaded is not null)
        {
            Compare(folder, known, stamp);
            return false;
        }

        await LoadFolderAsync(folder, host, stamp);
        return false;
    }

    private async Task LoadFolderAsync(PluginDirectory folder, PluginHostContext host, string stamp)
    {
        if (_set.Plugins.FirstOrDefault(plugin => plugin.Directory == folder.Location) is { } before)
        {
            _set = _set.Without(folder.Location);
            FreeId(before.Id);
        }

        var hashes = HashesOf(folder);
        await LoadOneAsync(folder, host, []);
        var active = _set.Plugins.Any(plugin => plugin.Directory == folder.Location && plugin.State == PluginState.Active);
        _known[folder.Location] = new KnownFolder { Stamp = stamp, Loaded = active ? hashes : null };
    }

    private void Compare(PluginDirectory folder, KnownFolder known, string stamp)
    {
        _known[folder.Location] = known with { Stamp = stamp };
        AskForRestart(folder.Location, known.Holds(HashesOf(folder)) ? "" : Replaced);
    }

    private void Forget(List<string> found)
    {
        foreach (var gone in _known.Keys.Except(found, StringComparer.Ordinal).ToList())
        {
            _moving.Remove(gone);
            if (_known[gone].Loaded is not null)
            {
                AskForRestart(gone, Removed);
                continue;
            }

            _known.Remove(gone);
            var info = _set.Plugins.First(plugin => plugin.Directory == gone);
            _set = _set.Without(gone);
            LogForgotten(info.Id, gone);
            FreeId(info.Id);
        }
    }

    /// <summary>Another folder may have been refused because this one had the id: it gets its turn.</summary>
    private void FreeId(string id)
    {
        foreach (var waiting in _set.Plugins.Where(plugin => plugin.Id == id && plugin.State == PluginState.Malfunctioned))
        {
            _known.Remove(waiting.Directory);
        }
    }

    private void AskForRestart(string directory, string reason)
    {
        var info = _set.Plugins.First(plugin => plugin.Directory == directory);
        if (info.RestartReason == reason)
        {
            return;
        }

        _set = _set.With(info with { RestartReason = reason });
        if (reason.Length > 0)
        {
            LogRestartNeeded(info.Id, directory, reason);
        }
        else
        {
            LogSameAgain(info.Id, directory);
        }
    }

    private static string StampOf(PluginDirectory folder)
    {
        try
        {
            return folder.Stamp();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Loading it says the same, for the operator.
            return e.Message;
        }
    }

    private static IReadOnlyDictionary<string, string> HashesOf(PluginDirectory folder)
    {
        try
        {
            return folder.Hashes();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Dictionary<string, string>();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Plugin {PluginId} in {Directory} needs a restart of the server: {Reason}")]
    private partial void LogRestartNeeded(string pluginId, string directory, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Plugin {PluginId} in {Directory} is again what was loaded; no restart is needed.")]
    private partial void LogSameAgain(string pluginId, string directory);

    [LoggerMessage(Level = LogLevel.Information, Message = "Plugin {PluginId} in {Directory}, which was not used, is gone.")]
    private partial void LogForgotten(string pluginId, string directory);
}
