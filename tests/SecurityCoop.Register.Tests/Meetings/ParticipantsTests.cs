using SecurityCoop.Register.Meetings;
using Shouldly;
using Xunit;

namespace SecurityCoop.Register.Tests;

public class ParticipantsTests
{
    [Fact]
    public void Two_participants_who_are_one_person_are_one_with_all_that_was_said_of_them()
    {
        IReadOnlyList<Participant> people = [new("person-1"), new(Description: "an officer"), new("person-2", new Office("Director"), Partner: "DK"), new(Description: "an officer")];
        Participants.Once(people, p => p == "person-2" ? "person-1" : p).ShouldBe(
            [new("person-1", new Office("Director"), Partner: "DK"), new(Description: "an officer"), new(Description: "an officer")]);
        Participants.Once(people, p => p).ShouldBe(people);
    }
}
