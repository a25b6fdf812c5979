namespace ContainerGroups.Host.Storage;

/// <summary>What a wait ended with.</summary>
/// <param name="Everything">Whether anything may have changed: called without a payload, after calls may have been missed, or at the end of the period.</param>
/// <param name="Payloads">The payloads since the wait before, each once.</param>
internal readonly record struct WakeUp(bool Everything, IReadOnlyCollection<string> Payloads);
