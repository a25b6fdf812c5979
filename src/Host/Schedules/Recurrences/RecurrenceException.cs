namespace ContainerGroups.Host.Schedules.Recurrences;

/// <summary>A recurrence that can't be read; the message says what about it.</summary>
internal sealed class RecurrenceException(string message) : Exception(message);
