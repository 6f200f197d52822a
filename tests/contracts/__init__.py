"""What an interface of the core promises: one suite, run over each of its implementations."""

from tests.contracts.reading import ModelLaws, PageLaws, RenameLaws, RoundTripLaws, WordingLaws
from tests.contracts.searching import SearchLaws
from tests.contracts.writing import DuplicateLaws, FailureLaws, OrderLaws, StateLaws


class HistoryContract(
    OrderLaws,
    DuplicateLaws,
    FailureLaws,
    StateLaws,
    RoundTripLaws,
    ModelLaws,
    PageLaws,
    WordingLaws,
    RenameLaws,
    SearchLaws,
):
    """Everything that `chat.core.history` promises."""


__all__ = ["HistoryContract"]
