import pytest

from benchmarks.engine import EngineError, engines
from benchmarks.peers import load_peer


def test_registry_knows_all_peers_without_their_packages() -> None:
    assert {"cpsat", "pyjobshop", "timefold", "pyvrp"} <= engines().keys()


def test_load_of_a_peer_whose_package_is_missing_names_the_extra() -> None:
    with pytest.raises(EngineError) as error:
        load_peer("no_such_package", "cpsat", "PlainCpSat")
    assert str(error.value) == (
        "The package no_such_package is not installed. Install it: pip install 'tidyplan[peers]'."
    )
