"""`tidyplan rotate-keys`: encrypts all stored secrets with the newest key."""

from cryptography.fernet import InvalidToken

from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.screen import complain, say
from service.keyring import Keyring
from service.resealing import reseal


def run() -> int:
    """Encrypt anew what the database of the settings holds.

    Returns
    -------
    The exit code: 0 done, 2 a key is missing.
    """
    try:
        settings = read_settings()
        with opened(settings) as database:
            count = reseal(database, Keyring(settings.keys))
    except InvalidToken:
        complain("A secret was encrypted with a key that is not in TIDYPLAN_SECRET_KEY. Add it, at the end.")
        return BAD_SETTINGS
    except LookupError as error:
        complain(str(error))
        return BAD_SETTINGS
    except Misconfigured:
        return BAD_SETTINGS
    say(f"Encrypted {count} secrets with the newest key.")
    return 0
