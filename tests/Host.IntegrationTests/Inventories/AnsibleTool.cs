using System.Diagnostics;

namespace ContainerGroups.Host.IntegrationTests.Inventories;

/// <summary>Asks the programs of the installed Ansible.</summary>
internal static class AnsibleTool
{
    public static async Task<string> RunAsync(string command, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ANSIBLE_DEPRECATION_WARNINGS"] = "false";
        start.Environment["PYTHONWARNINGS"] = "ignore";
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(await error);
    }

    /// <summary>What Ansible makes of an inventory file.</summary>
    public static Task<string> ListAsync(string file) => RunAsync("ansible-inventory", "", "-i", file, "--list");
}
