namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>What an override means beyond Kubernetes' merge: a container without a name is the worker, a command or arguments of its
/// own replace both of the default's, and another kind of volume replaces the default's kind.</summary>
internal sealed class OverrideRules(List<string> notes)
{
    private const string Containers = "spec.containers";

    /// <exception cref="PodSpecException">Two items mean the worker.</exception>
    public PodMap Apply(PodMap pod)
    {
        if (pod.Map("spec") is not { } spec)
        {
            return pod;
        }

        if (spec.List("containers") is { } containers)
        {
            spec = spec.With("containers", NameWorker(containers));
        }

        if (spec.List("volumes") is { } volumes)
        {
            spec = spec.With("volumes", new PodList(volumes.Origin, volumes.Place, [.. volumes.Items.Select(KeepOneSource)]));
        }

        return pod.With("spec", spec);
    }

    private PodList NameWorker(PodList containers)
    {
        var unnamed = Indexes(containers, item => !item.Has("name") && !item.Has(MergeDirectives.Patch));
        var named = Indexes(containers, item => item.Text("name") == DefaultPod.Worker && !item.Has(MergeDirectives.Patch));
        if (unnamed.Count + named.Count > 1)
        {
            var second = unnamed.Concat(named).Order().ElementAt(1);
            throw new PodSpecException(
                containers.Items[second].Place,
                FieldPath.Of(Containers, second),
                $"Two items of this list mean the worker: one without a name does, and so does one named {DefaultPod.Worker}."
                + " Put what belongs to one container into one item, with one '- ', and name the others.");
        }

        var others = Indexes(containers, item => item.Text("name") is not (null or DefaultPod.Worker) && !item.Has(MergeDirectives.Patch));
        if (containers.Items.Count == 1 && others.Count == 1)
        {
            var name = ((PodMap)containers.Items[0]).Text("name");
            notes.Add($"The container {name} runs beside the worker, in which the job runs. If it was meant for the job, leave out its name or name it {DefaultPod.Worker}.");
        }

        return new PodList(containers.Origin, containers.Place, [.. containers.Items.Select((item, index) =>
            item is PodMap map && (unnamed.Contains(index) || named.Contains(index)) ? CompleteWorker(map) : item)]);
    }

    private PodMap CompleteWorker(PodMap worker)
    {
        worker = WithoutAwxArguments(worker);
        worker = worker.Has("name") ? worker : worker.With("name", PodScalar.String(DefaultPod.Worker, FieldOrigins.Default));
        var setsCommand = worker.Has("command");
        var setsArguments = worker.Has("args");
        return (setsCommand, setsArguments) switch
        {
            (true, false) => worker.With("args", PodScalar.Null(FieldOrigins.Group)),
            (false, true) => worker.With("command", PodScalar.Null(FieldOrigins.Group)),
            _ => worker,
        };
    }

    /// <summary>AWX's own default, which its users' overrides repeat, starts the program that AWX speaks to and sets it whatever an
    /// override says. Here it would find nobody and end, and the pod with it.</summary>
    private PodMap WithoutAwxArguments(PodMap worker)
    {
        var arguments = worker.List("args")?.Items.OfType<PodScalar>().Select(argument => argument.Text).ToList() ?? [];
        if (arguments is not ["ansible-runner", "worker", ..] || worker.Has("command"))
        {
            return worker;
        }

        notes.Add($"The worker's args {string.Join(' ', arguments)} were left out: the job is started in the pod once it runs, and needs no program that waits for it.");
        return worker.Without(key => key == "args");
    }

    /// <summary>A volume has one source. kubectl apply says so to the server by the same directive.</summary>
    private static PodNode KeepOneSource(PodNode item)
    {
        if (item is not PodMap volume || volume.Text("name") != DefaultPod.RunnerVolume
            || volume.Fields.Keys.Any(MergeDirectives.IsOne) || volume.Has("emptyDir") || volume.Fields.Count < 2)
        {
            return item;
        }

        var keep = volume.Fields.Where(field => field.Value is not PodScalar { IsNull: true })
            .Select(PodNode (field) => PodScalar.String(field.Key, FieldOrigins.Group));
        return volume.With(MergeDirectives.RetainKeys, new PodList(FieldOrigins.Group, volume.Place, [.. keep]));
    }

    private static List<int> Indexes(PodList containers, Func<PodMap, bool> matches) =>
        [.. containers.Items.Index().Where(found => found.Item is PodMap map && matches(map)).Select(found => found.Index)];
}
