using System.Text.Json.Nodes;
using ContainerGroups.Kubernetes.PodSpecs;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Kubernetes.Tests.PodSpecs;

/// <summary>What holds for every override.</summary>
internal sealed class PodSpecPropertyTests
{
    private static readonly string[] Fragments =
    [
        "spec", "metadata", "containers", "name", "image", "worker", ": ", "\n", "  ", "- ", "{", "}", "[", "]", "\"", "'", "&a ", "*a", "<<", "|",
        ">", "!", "!!str ", "#", "---", "...", "\t", "\\", "\\u", "\\ud83d", "0x", "1e9", ",", "?", "%", "@", "`", "null", "$patch", "replace", "\0", "\u2028", "\ud800",
    ];

    [Test]
    public void AnyText_IsReadOrRefused_NothingElse() =>
        Prop.ForAll<string>(IsReadOrRefused).QuickCheckThrowOnFailure();

    [Test]
    public void AnyTextOfYamlsOwnParts_IsReadOrRefused_NothingElse() =>
        Prop.ForAll(
            Gen.Elements(Fragments).ListOf().Select(string.Concat).ToArbitrary(),
            text => IsReadOrRefused(text)).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Test]
    public void EmptyOverride_ChangesNothing() =>
        Prop.ForAll(Overrides.Any, text => Same(Merge("{}", text), Merge("", text)) && Same(Merge(text, "{}"), Merge(text, "")))
            .QuickCheckThrowOnFailure();

    [Test]
    public void SameOverrideTwice_IsTheSameAsOnce() =>
        Prop.ForAll(Overrides.Any, text => Same(Merge(text), Merge(text, text))).QuickCheckThrowOnFailure();

    [Test]
    public void FieldSetToNull_IsGone() =>
        Prop.ForAll(Overrides.Any, text =>
        {
            var fields = Read(text).Map("spec")?.Fields.Keys.ToList() ?? [];
            var nulls = new JsonObject { ["spec"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field, (JsonNode?)null))) };
            var left = Merge(text, nulls.ToJsonString()).Map("spec")!.Fields.Keys;
            return !left.Intersect(fields).Any();
        }).QuickCheckThrowOnFailure();

    [Test]
    public void ItemsThatAnOverrideNames_KeepItsOrder_AndTheOthersTheirs() =>
        Prop.ForAll(Overrides.Secrets, Overrides.Secrets, (before, after) =>
        {
            var merged = Names(Merge(Overrides.WithSecrets(before), Overrides.WithSecrets(after)));
            return merged.Where(after.Contains).SequenceEqual(after)
                && merged.Except(after).SequenceEqual(before.Except(after))
                && merged.Order().SequenceEqual(before.Union(after).Order());
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Origins_CoverExactlyTheLeaves() =>
        Prop.ForAll(Overrides.Any, text =>
        {
            var pod = Pods.Build(text);
            return pod.Origins.Keys.Order(StringComparer.Ordinal).SequenceEqual(Leaves(pod.Pod, "").Order(StringComparer.Ordinal));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void SameRequest_GivesTheSamePod() =>
        Prop.ForAll(Overrides.Any, text => JsonNode.DeepEquals(Pods.Build(text).Pod, Pods.Build(text).Pod)).QuickCheckThrowOnFailure();

    private static bool IsReadOrRefused(string? text)
    {
        try
        {
            Pods.Build(text ?? "");
        }
        catch (PodSpecException e)
        {
            return e.Errors.Count > 0 && e.Message.Length > 0;
        }

        return true;
    }

    private static PodMap Read(string text) => PodTextReader.Read(text, FieldOrigins.Group);

    private static PodMap Merge(params string[] texts) => texts.Aggregate(DefaultPod.Pod, (pod, text) => StrategicMerge.Merge(pod, Read(text)));

    private static bool Same(PodMap left, PodMap right) => JsonNode.DeepEquals(left.ToJson(), right.ToJson());

    private static List<string> Names(PodMap pod) =>
        [.. pod.Map("spec")!.List("imagePullSecrets")?.Items.Select(item => ((PodMap)item).Text("name")!) ?? []];

    private static IEnumerable<string> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject { Count: > 0 } map => map.SelectMany(field => Leaves(field.Value, FieldPath.Of(path, field.Key))),
        JsonArray { Count: > 0 } list => list.SelectMany((item, index) => Leaves(item, FieldPath.Of(path, index))),
        _ => [path],
    };
}
