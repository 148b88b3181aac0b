import pytest

from degu.errors import DeguError, did_you_mean, name_rows


def test_error_says_where_what_is_expected_and_the_remedy_in_that_order():
    error = DeguError("it is empty", where="a.tsv", expected="rows", remedy="fetch it again")
    assert str(error).splitlines() == ["a.tsv: it is empty", "  expected: rows", "  remedy:   fetch it again"]


def test_error_without_place_expectation_or_remedy_is_one_line():
    assert str(DeguError("it is empty")) == "it is empty"


def test_place_may_be_a_falsy_thing():
    assert str(DeguError("bad", where=0)) == "0: bad"


def test_hint_names_the_nearest_word_and_all_known_ones_sorted():
    assert did_you_mean("tran", ["validation", "train", "test"]) == (
        "did you mean 'train'? known: test, train, validation"
    )


@pytest.mark.parametrize(("word", "known"), [("WTC11", "wtc11"), ("hepg2", "HepG2"), ("DEGU", "degu")])
def test_hint_does_not_mind_upper_and_lower_case(word, known):
    assert did_you_mean(word, [known, "other"]).startswith(f"did you mean '{known}'?")


def test_hint_for_a_word_near_nothing_only_lists_the_known_ones():
    assert did_you_mean("zzzz", ["b", "a"]) == "known: a, b"


def test_hint_with_nothing_known_says_none():
    assert did_you_mean("x", []) == "known: none"


def test_hint_takes_words_that_are_not_text():
    assert "did you mean '12'?" in did_you_mean(123, [12, 99])


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([7], "row 7"),
        ([1, 2], "rows 1, 2"),
        ([1, 2, 3, 4, 5], "rows 1, 2, 3, 4, 5"),
        (range(1, 7), "rows 1, 2, 3, 4, 5 and 1 more"),
        (range(2005), "rows 0, 1, 2, 3, 4 and 2,000 more"),
    ],
)
def test_first_five_rows_are_named_and_the_others_counted(rows, text):
    assert name_rows(rows) == text


def test_many_known_words_are_counted_beside_the_nearest_one():
    many = [f"word_{number}" for number in range(21)]
    assert did_you_mean("word_7x", many) == "did you mean 'word_7'? 21 are known"
    assert did_you_mean("zzzz", many).startswith("known: word_0, ")
