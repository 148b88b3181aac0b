"""Texts that look alike and differ."""

import unicodedata

# Characters without a width, which programs leave behind: a place to break a line, a byte order mark, a word joiner.
_WITHOUT_WIDTH = dict.fromkeys([0x200B, 0xFEFF, 0x2060])


def tidy(text: str) -> str:
    """Return text so that texts that look alike are equal.

    Blanks around it and characters without a width are left out, and accents are joined with their letters (NFC).
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(_WITHOUT_WIDTH)).strip()
