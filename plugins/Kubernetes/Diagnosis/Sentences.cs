using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Diagnosis;

/// <summary>Puts Kubernetes' words into sentences.</summary>
internal static class Sentences
{
    /// <summary>A text on one line, with its full stop.</summary>
    public static string End(string text) => FailureAdvice.AsSentence(text.ReplaceLineEndings(" "));

    /// <summary>"Reason: message." as Kubernetes spells both; what is absent is left out.</summary>
    public static string Of(string? reason, string? message) => (reason, message) switch
    {
        ({ Length: > 0 }, { Length: > 0 }) => $"{reason}: {End(message)}",
        ({ Length: > 0 }, _) => End(reason),
        (_, { Length: > 0 }) => End(message),
        _ => "",
    };
}
