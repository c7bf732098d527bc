import pytest

from models.enums import Audience, NotificationType
from models.notices import faults_in, variables_of
from service.notices.texts import TEXTS


@pytest.mark.parametrize(("key", "texts"), TEXTS.items(), ids=str)
def test_our_own_words_name_what_there_is(key: tuple[NotificationType, Audience], texts: tuple[str, str]) -> None:
    known = variables_of(key[0], for_client=key[1] is Audience.CLIENT)
    assert [fault for text in texts for fault in faults_in("", text, known)] == []
