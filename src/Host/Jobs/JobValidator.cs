using ContainerGroups.Host.Inventories;
using ContainerGroups.Host.Storage;
using FluentValidation;

namespace ContainerGroups.Host.Jobs;

/// <summary>What makes a new job legal by itself; what it refers to is checked by <c>LaunchChecks</c>.</summary>
internal sealed class JobValidator : AbstractValidator<Job>
{
    /// <summary>AWX's MAX_FORKS.</summary>
    private const int MaxForks = 200;

    private const int MaxName = 512;

    public JobValidator()
    {
        RuleFor(l => l.Name).NotEmpty().WithMessage("This field may not be blank.")
            .MaximumLength(MaxName).WithMessage($"Ensure this field has no more than {MaxName} characters.");
        RuleFor(l => l.JobType).Must(t => t is JobTypes.Run or JobTypes.Check or JobTypes.Command)
            .WithMessage(l => $"\"{l.JobType}\" is not a valid choice.");
        RuleFor(l => l.Verbosity).InclusiveBetween(0, 5).WithMessage(l => $"\"{l.Verbosity}\" is not a valid choice.");
        RuleFor(l => l.Forks).GreaterThanOrEqualTo(0).WithMessage("Ensure this value is greater than or equal to 0.")
            .LessThanOrEqualTo(MaxForks).WithMessage($"Maximum number of forks ({MaxForks}) exceeded.");
        RuleFor(l => l.Timeout).GreaterThanOrEqualTo(0).WithMessage("Ensure this value is greater than or equal to 0.");
        RuleFor(l => l.ExtraVars).Custom((text, context) =>
        {
            if (!VariablesText.TryParse(text, out _, out var error))
            {
                context.AddFailure(error);
            }
        });
        When(l => l is not AdHocCommand, CheckProgram);
    }

    /// <summary>A command, or a playbook of a project.</summary>
    private void CheckProgram() => When(
        l => l.JobType == JobTypes.Command,
        () =>
        {
            RuleFor(l => l.Command).Must(c => JobJson.Texts(c).Count > 0)
                .WithMessage("A job of type command needs the program to run and its arguments, as a list of strings.");
            RuleFor(l => l.Command).Must(c => JobJson.Texts(c) is not ["", ..]).WithMessage("The program to run may not be blank.");
        })
        .Otherwise(() =>
        {
            RuleFor(l => l.Playbook).NotEmpty().WithMessage("Must select playbook for project.");
            RuleFor(l => l.Command).Must(c => JobJson.Texts(c).Count == 0).WithMessage("Only a job of type command takes a command.");
        });
}
