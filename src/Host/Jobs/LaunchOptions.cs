using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>What a launch may be told, whatever the template: the command line makes its arguments of it.</summary>
internal static class LaunchOptions
{
    /// <summary>The many-valued prompts of which AWX says that they are ids; of the others it only says that they are fields.</summary>
    private const string ListOfIds = "list_of_ids";

    public static Task ShowAsync(ApiCall call)
    {
        var jobs = call.Catalog.Get<Job>();
        var input = LaunchPrompts.OfJob.Select(prompt => jobs.Fields.Single(field => field.Name == prompt.Field))
            .Select(field => (field.Name, Type: OptionsAnswer.TypeName(field), Rules: (Field?)field)).ToList();
        input.Add((LaunchPrompts.ExtraVars.Field, "json", null));
        input.Add((GivenPasswords.Field, "json", null));
        input.Add((LaunchPrompts.SliceCount.Field, "integer", null));
        input.Add((LaunchPrompts.Credentials.Field, ListOfIds, null));
        input.Add((LaunchPrompts.InstanceGroups.Field, "field", null));
        input.Add((LaunchPrompts.Labels.Field, "field", null));
        return OptionsAnswer.ActionAsync(call, "Job Template Launch", input);
    }
}
