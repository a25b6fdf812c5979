using System.Linq.Expressions;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>The ordered list of instance groups that an object prefers: <c>/parent/N/instance_groups/</c>. Attaching appends; detaching
/// keeps the order of the rest.</summary>
internal static class PreferenceList
{
    /// <param name="builder">The owner of the list.</param>
    /// <param name="ofParent">Which places are in the list of a parent.</param>
    /// <param name="make">A place in the list of a parent.</param>
    public static ResourceBuilder<TParent> PreferredInstanceGroups<TParent, TPlace>(
        this ResourceBuilder<TParent> builder, Func<long, Expression<Func<TPlace, bool>>> ofParent, Func<long, TPlace> make)
        where TParent : Entity
        where TPlace : PreferredInstanceGroup => builder.SubList(new SubList<TParent, InstanceGroup>("instance_groups", (db, id) =>
        {
            var places = db.Set<TPlace>().Where(ofParent(id));
            return group => places.Any(place => place.InstanceGroupId == group.Id);
        })
        {
            ChildNeeds = Right.UseRole,
            Position = (db, id) =>
            {
                var places = db.Set<TPlace>().Where(ofParent(id));
                return group => places.Where(place => place.InstanceGroupId == group.Id).Select(place => place.Position).FirstOrDefault();
            },
            Attach = async (call, parent, group) =>
            {
                var places = call.Db.Set<TPlace>().Where(ofParent(parent.Id));
                if (!await places.AnyAsync(place => place.InstanceGroupId == group.Id, call.Cancellation))
                {
                    var place = make(parent.Id);
                    place.InstanceGroupId = group.Id;
                    place.Position = 1 + (await places.MaxAsync(last => (int?)last.Position, call.Cancellation) ?? 0);
                    call.Db.Add(place);
                }
            },
            Detach = async (call, parent, group) =>
            {
                await call.Db.Set<TPlace>().Where(ofParent(parent.Id)).Where(place => place.InstanceGroupId == group.Id)
                    .ExecuteDeleteAsync(call.Cancellation);
            },
        });
}
