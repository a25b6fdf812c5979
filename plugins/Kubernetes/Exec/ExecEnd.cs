using System.Globalization;
using System.Text;
using System.Text.Json;
using ContainerGroups.Kubernetes.Api;
using ContainerGroups.Kubernetes.Api.Objects;

namespace ContainerGroups.Kubernetes.Exec;

/// <summary>Collects the Status that ends an exec, and reads it.</summary>
internal sealed class ExecEnd
{
    /// <summary>Longer than any Status; what goes beyond is not kept.</summary>
    private const int Longest = 256 * 1024;

    private byte[] _text = [];
    private StatusObject? _status;

    /// <summary>Whether the whole Status has come.</summary>
    public bool IsKnown => _status is not null;

    /// <summary>Of the process, when it ended by itself.</summary>
    public int? ExitCode => _status switch
    {
        { Status: "Success" } => 0,
        { Reason: "NonZeroExitCode", Details.Causes: { } causes } => CodeIn(causes),
        _ => null,
    };

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (IsKnown || piece.IsEmpty || _text.Length + piece.Length > Longest)
        {
            return;
        }

        _text = [.. _text, .. piece];
        _status = Read();
    }

    /// <summary>What to throw at the end; null when the exit code is known.</summary>
    public Exception? Failure(string unknown) => (ExitCode, _status) switch
    {
        ({ }, _) => null,
        (_, { } status) => ApiFailures.FromStatus(status),
        _ => new IOException(_text.Length == 0 ? unknown : $"{unknown} The last it said: {Encoding.UTF8.GetString(_text.AsSpan(0, Math.Min(_text.Length, 1000)))}"),
    };

    private static int? CodeIn(IReadOnlyList<StatusCause> causes)
    {
        foreach (var cause in causes)
        {
            if (cause.Reason == "ExitCode" && int.TryParse(cause.Message, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code))
            {
                return code;
            }
        }

        return null;
    }

    private StatusObject? Read()
    {
        // The Status comes in one piece nearly always; half of one can't be read.
        if (_text[^1] is not ((byte)'}' or (byte)'\n'))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(_text, KubernetesJson.Default.StatusObject) is { Status: { Length: > 0 } } status ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
