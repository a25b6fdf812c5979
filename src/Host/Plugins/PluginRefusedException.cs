namespace ContainerGroups.Host.Plugins;

/// <summary>A plugin can't be used; the message is the reason as the operator reads it.</summary>
internal sealed class PluginRefusedException(string reason, PluginState state = PluginState.Malfunctioned, Exception? cause = null)
    : Exception(reason, cause)
{
    public PluginState State { get; } = state;
}
