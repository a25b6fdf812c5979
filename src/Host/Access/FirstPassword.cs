namespace ContainerGroups.Host.Access;

/// <summary>
/// Shows the first administrator's password to whoever starts the server. It is shown before it is stored: a start that fails, or is
/// killed, at whatever line, leaves no administrator whose password nobody has seen.
/// </summary>
/// <param name="show">Returns once it is written; called again, with another password, by the start after one that didn't get to store it.</param>
internal sealed class FirstPassword(Func<string, Task> show)
{
    /// <summary>Straight to the terminal: not a message of the log.</summary>
    public static FirstPassword OnConsole { get; } = new(password =>
        Console.Out.WriteLineAsync($"The administrator is {AdminSeed.AdminName}, the password, which is shown only now: {password}"));

    public Task ShowAsync(string password) => show(password);
}
