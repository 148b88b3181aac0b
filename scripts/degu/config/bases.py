"""The letters of DNA, what is told of others, and bases that a configuration names."""

from degu.errors import DeguError

ALPHABET = "ACGTN"
LETTERS = frozenset(ALPHABET + ALPHABET.lower())
# The letters of IUPAC for one of several bases, and X, which some programs write for any.
_AMBIGUOUS = "RYSWKMBDHVX"
_INVISIBLE = {" ": "a blank", "\t": "a tab", "\n": "a line break", "\r": "a line break", "\u00a0": "a blank (no-break)"}


def check_bases(bases: str, *, where: str) -> None:
    """Check that an option such as a flank holds no other letters than ACGTN; blanks around them do not count.

    Raises
    ------
    DeguError
        If it holds another letter. The message names its position.
    """
    for position, letter in enumerate(bases.strip()):
        if letter not in LETTERS:
            raise other_letter(letter, position, where=where)


def is_invisible(letter: str) -> bool:
    """Return whether a letter is a blank or the like."""
    return letter.isspace() or not letter.isprintable()


def other_letter(letter: str, position: int, found: str = "", *, where: object, or_else: str = "") -> DeguError:
    """Return the error for a letter outside the alphabet, with advice that changes no base that is known.

    Parameters
    ----------
    letter, position
        The letter, and its position, from 0 on.
    found
        The rows in which such letters stand, if there are rows.
    where
        The file or the option, for the message.
    or_else
        What may be done besides, which the advice ends with.
    """
    name = f"letter '{letter}'"
    if is_invisible(letter):
        name = _INVISIBLE.get(letter, f"the invisible character U+{ord(letter):04X}")
        remedy = "remove it, because it is no base"
    elif letter in "Uu":
        remedy = "write T in place of U, which stands in RNA"
    elif letter.upper() in _AMBIGUOUS:
        remedy = "replace unknown bases by N"
    else:
        remedy = "N stands for a base that is unknown, and not for one that is absent: correct the sequence"
    return DeguError(
        ", ".join(filter(None, [f"{name} at position {position + 1}", found])),
        where=where,
        expected=f"letters {ALPHABET}",
        remedy=f"{remedy}{or_else}",
    )
