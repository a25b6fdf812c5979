using System.Text.Json;
using ContainerGroups.Host.Inventories;
using ContainerGroups.Host.Storage;
using FluentValidation;

namespace ContainerGroups.Host.JobTemplates;

/// <summary>What makes a template legal by itself.</summary>
internal sealed class JobTemplateValidator : AbstractValidator<JobTemplate>
{
    /// <summary>AWX's MAX_FORKS.</summary>
    public const int MaxForks = 200;

    public JobTemplateValidator()
    {
        RuleFor(x => x.Forks).LessThanOrEqualTo(MaxForks).WithMessage($"Maximum number of forks ({MaxForks}) exceeded.");
        RuleFor(x => x.JobSliceCount).LessThanOrEqualTo(1).WithMessage("Slicing jobs is not supported.");
        RuleFor(x => x.ExtraVars).Custom((text, context) =>
        {
            if (!VariablesText.TryParse(text, out _, out var error))
            {
                context.AddFailure(error);
            }
        });
        When(x => x.JobType == JobTypes.Command, () =>
        {
            RuleFor(x => x.Command).Must(IsCommand).WithMessage("A template of the type command needs the program to run, as a list of texts.");
            RuleFor(x => x.Playbook).Empty().WithMessage("A template of the type command runs no playbook.");
        }).Otherwise(() =>
        {
            RuleFor(x => x.Command).Must(command => WordsOf(command) is []).WithMessage("Only templates of the type command run a program of their own.");
            RuleFor(x => x.ProjectId).NotNull().OverridePropertyName("Project").WithMessage("This field is required.");
            RuleFor(x => x.Playbook).NotEmpty().When(x => x.ProjectId is not null).WithMessage("Must select playbook for project.");
            RuleFor(x => x.InventoryId).NotNull().When(x => !x.AskInventoryOnLaunch).OverridePropertyName("Inventory")
                .WithMessage("You must either set a default value or ask to prompt on launch.");
        });
    }

    private static bool IsCommand(string json) => WordsOf(json) is [{ Length: > 0 }, ..];

    private static string[] WordsOf(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(json) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
