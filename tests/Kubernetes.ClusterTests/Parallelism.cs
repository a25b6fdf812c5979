// Each fixture has a cluster, or a namespace, of its own, and mostly waits for it.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
