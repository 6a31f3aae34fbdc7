"""Whose a line is: a student's only where nothing on it says otherwise, and never somebody else's."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.people.clues import Person, whose
from grader.core.people.student import Student

STEADY = settings(deadline=None, derandomize=True, max_examples=120)
ALI = Student("s1", "Ali Valiyev", "ali@uni.example")
NODIRA = Student("s2", "Nodira Karimova", "nodira@uni.example")


def sure(*people: Person, students: Sequence[Student] = (ALI, NODIRA)) -> dict[str, str]:
    return dict(whose({str(place): person for place, person in enumerate(people)}, students).sure)


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("ALI  Valiyev ", "Ali Valiyev"),
        ("Valiyev, Ali", "Ali Valiyev"),
        ("Valiyev Ali", "Ali Valiyev"),
        ("G'ulom O`rinov", "Gʻulom Oʻrinov"),
        ("Gulom Orinov", "Gʻulom Oʻrinov"),
        ("Ғулом Ўринов", "Gʻulom Oʻrinov"),
        ("Xurshida Sayyora Yoʻldosheva", "Йўлдошева Хуршида Сайёра"),
        ("Джасур Юлдузов", "Jasur Yulduzov"),
        ("Qodirova Shohida", "Кодирова Шохида"),
        ("\u200fليلى حسن\u200e", "ليلى حسن"),
        ("КИМ, Ольга", "Ольга Ким"),
        ("Ким Ольга", "Olga Kim"),
        ("Щербакова Алексей", "Shcherbakova Alexey"),
        ("Ame\u0301lie", "Amélie"),
    ],
)
def test_a_name_is_known_however_it_is_typed(shown: str, name: str) -> None:
    assert sure(Person((shown,)), students=[Student("s1", name), NODIRA]) == {"0": "s1"}


@pytest.mark.parametrize(
    ("shown", "name", "known"),
    [
        ("valiyevali", "Ali Valiyev", True),
        ("ўриновшерзод", "Sherzod Oʻrinov", True),
        ("orinovgulom", "Ўринов Ғулом", True),
        ("цойжаҳонгир", "Jahongir Tsoy", True),
        ("halilaka", "Xalil Aka", False),
        ("ўриновшер", "Sherzod Oʻrinov", False),
    ],
)
def test_a_name_in_one_word_is_known_in_both_scripts(shown: str, name: str, known: bool) -> None:
    assert sure(Person(joined=shown), students=[Student("s1", name), NODIRA]) == ({"0": "s1"} if known else {})


@pytest.mark.parametrize(("shown", "name"), [("Halil Aka", "Xalil Aka"), ("Qamar Ali", "Kamar Ali"), ("Ali", "Ali B")])
def test_names_that_only_sound_alike_or_are_shorter_decide_nothing(shown: str, name: str) -> None:
    assert sure(Person((shown,)), students=[Student("s1", name)]) == {}


def test_namesakes_are_not_told_apart_by_name() -> None:
    twins = [Student("s1", "Ali Vali", "a@x"), Student("s2", "ali vali", "b@x")]
    assert sure(Person(("Ali Vali",)), students=twins) == {}
    assert sure(Person(("Ali Vali",)), Person(("Ali Vali",)), students=twins[:1]) == {}
    assert sure(Person(("Ali Vali",), "b@x"), students=twins) == {"0": "s2"}


def test_names_in_their_own_order_are_told_apart_from_the_same_names_turned() -> None:
    both = [Student("s1", "Ali Vali"), Student("s2", "Vali Ali")]
    assert sure(Person(("Vali Ali",)), students=both) == {"0": "s2"}
    assert sure(Person(("Vali, Ali",)), students=both) == {"0": "s1"}


@pytest.mark.parametrize(
    "person",
    [
        Person(("Ali Valiyev",), NODIRA.email),
        Person(("Ali Valiyev",), "somebody@else.example"),
        Person(("Nodira Karimova",), number="s1"),
        Person(("Ali Valiyev",), login="s2"),
        Person(("Somebody Else",), "ALI@uni.example", login="s2"),
        Person(("Valiyev Vali",)),
        Person(login="ali"),
        Person(("Ali",), login="ali"),
    ],
    ids=["e-mail of another", "another e-mail", "number", "login", "login of another", "half a name", "local", "parts"],
)
def test_a_line_that_contradicts_itself_or_says_too_little_is_nobodys(person: Person) -> None:
    assert sure(person, Person(number="s2")) in ({}, {"1": "s2"})


def test_numbers_of_a_register_that_the_roster_does_not_know_say_nothing() -> None:
    assert sure(Person(("Valiyev, Ali",), number="77001"), Person(("Karimova, Nodira",), number="77002")) == {
        "0": "s1",
        "1": "s2",
    }


def test_a_number_of_the_roster_in_another_line_is_what_numbers_mean() -> None:
    assert sure(Person(("Valiyev, Ali",), number="77001"), Person(("Karimova, Nodira",), number="s2")) == {"1": "s2"}


def test_a_systems_own_number_is_compared_with_the_rosters_column_of_that_system_only() -> None:
    known = Student("77", "Ali Valiyev", known_as={"canvas": "9"})
    assert sure(Person(("Somebody",), known_as={"canvas": ("77",)}), students=[known]) == {}
    assert sure(Person(("A. V.",), known_as={"canvas": ("9",)}), students=[known]) == {"0": "77"}


def test_what_a_person_decided_goes_before_every_clue() -> None:
    people = {"0": Person(("Ali Valiyev",)), "1": Person(("A. V.",)), "2": Person(("Nodira Karimova",))}
    assert whose(people, (ALI, NODIRA), {"1": "s1", "2": None, "9": "s2"}).sure == {"1": "s1"}


def test_two_lines_of_one_student_are_nobodys() -> None:
    assert sure(Person(("Ali Valiyev",)), Person(("",), ALI.email)) == {}


def test_what_is_not_clear_names_the_students_that_it_could_be() -> None:
    matched = whose({"7": Person(("Ali Valiyev",), NODIRA.email), "8": Person(("Nobody",))}, [ALI, NODIRA])
    assert set(matched.unclear["7"]) == {"s1", "s2"} and "8" not in matched.unclear


def test_students_that_a_line_could_be_equally_well_are_named_in_the_same_order_every_time() -> None:
    namesakes = [Student(f"s{number}", "Nodira Karimova") for number in range(8)]
    found = whose({"7": Person(("Nodira Karimova",))}, namesakes).unclear["7"]
    assert found == tuple(sorted(found)) and len(found) == 8


@pytest.mark.parametrize("folder", ["s1", "S1", "ali@uni.example", "Ali Valiyev", "Валиев Али", "valiyev, ali"])
def test_a_folder_may_be_called_by_anything_that_the_roster_holds(folder: str) -> None:
    assert sure(Person(unsure=(folder,))) == {"0": "s1"}


FIRST = st.sampled_from(["Ali", "Vali", "Nodira", "Gʻulom", "Олим", "Zulfiya"])
LAST = st.sampled_from(["Valiyev", "Ali", "Karimov", "Каримов", "Oʻrinov"])
NAMES = st.tuples(FIRST, LAST).map(" ".join)


@st.composite
def classes(draw: st.DrawFn) -> list[Student]:
    called = draw(st.lists(NAMES, min_size=2, max_size=7))
    ids = draw(st.permutations([f"{number}" for number in range(1, 8)]))
    return [Student(ids[n], name, f"p{ids[n]}@uni.example") for n, name in enumerate(called)]


def spelled(draw: st.DrawFn, name: str) -> str:
    first, _, last = name.partition(" ")
    return draw(st.sampled_from([name, f"{last}, {first}", f"{last} {first}", name.upper(), name.replace("ʻ", "'")]))


@STEADY
@given(st.data())
def test_nobodys_points_ever_land_in_another_line(data: st.DataObject) -> None:
    """Lines tell the truth about their owner, leave things out, or have one thing of another student's on them.

    Owners are students, or strangers who share names with students. Each line shows the owner's e-mail address, or
    a wrong thing beside it: so what is on it never speaks for one other student alone.
    """
    students = data.draw(classes())
    strangers = [
        Student(f"x{n}", name, f"x{n}@uni.example") for n, name in enumerate(data.draw(st.lists(NAMES, max_size=3)))
    ]
    owners = data.draw(st.permutations([*students, *strangers]))
    people: dict[str, Person] = {}
    for place, owner in enumerate(owners):
        other = data.draw(st.sampled_from(students))
        wrong = data.draw(st.sampled_from(["", "", "name", "number", "login"]))
        people[str(place)] = Person(
            names=(spelled(data.draw, other.name if wrong == "name" else owner.name),),
            email=owner.email,
            number=other.id if wrong == "number" else data.draw(st.sampled_from([owner.id, ""])),
            login=other.id if wrong == "login" else data.draw(st.sampled_from([owner.email, owner.id, ""])),
            known_as={"canvas": (data.draw(st.sampled_from([each.id for each in students])),)},
        )
    found = whose(people, students).sure
    assert all(owners[int(line)].id == student for line, student in found.items())


@STEADY
@given(classes(), st.randoms(use_true_random=False))
def test_lines_that_tell_the_truth_are_all_found_in_any_order(students: list[Student], chance: object) -> None:
    lines = list(students)
    chance.shuffle(lines)  # type: ignore[attr-defined]
    people = {str(place): Person((each.name,), each.email, number=each.id) for place, each in enumerate(lines)}
    assert whose(people, students).sure == {str(place): each.id for place, each in enumerate(lines)}
