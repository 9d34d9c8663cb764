"""Claims about signals to stop: heard once, put off while workers end, otherwise left alone."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest

from sim.experiment.signals import SIGNALS, StoppedError, stoppable, undisturbed


@pytest.fixture(autouse=True)
def handlers() -> Iterator[dict[int, object]]:
    """Who handled the signals before the test, and will again."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield dict(before)
    for number, handler in before.items():
        signal.signal(number, handler)


def handlers_now() -> dict[int, object]:
    return {number: signal.getsignal(number) for number in SIGNALS}


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_to_stop_is_an_exception_that_says_which(number: int) -> None:
    with pytest.raises(StoppedError) as caught, stoppable():
        signal.raise_signal(number)
    assert caught.value.number == number
    assert isinstance(caught.value, KeyboardInterrupt)


def test_a_second_ctrl_c_does_not_disturb_the_tidying_up() -> None:
    tidy = False
    with pytest.raises(StoppedError), stoppable():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            tidy = True
    assert tidy
    signal.raise_signal(signal.SIGINT)  # nor does a third, after it


class Finalised:
    """Something that is interrupted where Python lets no exception through."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def test_an_exception_that_got_lost_comes_again(capsys: pytest.CaptureFixture[str]) -> None:
    stages = []
    with pytest.raises(StoppedError), stoppable():
        Finalised()
        stages.append("lost")
        time.sleep(60)
        stages.append("never")
    assert stages == ["lost"]
    assert capsys.readouterr().err == ""


def test_without_a_signal_everything_is_as_before(handlers: dict[int, object]) -> None:
    with stoppable(), undisturbed():
        assert handlers_now() != handlers
    assert handlers_now() == handlers


def test_who_ignores_a_signal_goes_on_ignoring_it() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with stoppable():
        signal.raise_signal(signal.SIGTERM)


def test_signals_are_put_off_and_not_lost() -> None:
    done = False
    with pytest.raises(StoppedError) as caught, stoppable(), undisturbed():
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        done = True
    assert done and caught.value.number == signal.SIGTERM
