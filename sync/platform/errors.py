"""What can be wrong with a command or its surroundings, as one tree; each sentence says what, where and what to do.

Upstream: nothing.
Downstream: the commands print them; ``__main__`` turns them into exit code 2.

::

    PlatformError
    ├── KeyFileError       a key is missing, readable by others, or not a key
    ├── UnknownError       no such device, service point or volunteer
    ├── CardError          a volunteer's card is not in the state that the deed needs
    ├── PrintError         a card cannot be printed as it should look
    ├── DecisionError      something at the console cannot be decided so
    └── StoreError         the database cannot be opened or is of a newer version
        └── DatabaseAwayError  it cannot be used just now; the same thing may work later
"""

from __future__ import annotations


class PlatformError(Exception):
    """Something a person can put right; the text is a sentence for that person."""


class KeyFileError(PlatformError):
    """A key file is missing, readable by others, or does not hold a key."""


class UnknownError(PlatformError):
    """A named device, service point or volunteer is not registered here."""


class CardError(PlatformError):
    """A volunteer's card is not in the state that the deed needs."""


class PrintError(PlatformError):
    """A card cannot be printed as it should look: a character no face has, a picture that cannot be read."""


class DecisionError(PlatformError):
    """Something at the console cannot be decided so; its text is a msgid of the catalogue."""


class StoreError(PlatformError):
    """The database cannot be opened, or was written by a newer version of this program."""


class DatabaseAwayError(StoreError):
    """The database does not answer, or others hold what is needed; nothing was changed, and later it may work."""
