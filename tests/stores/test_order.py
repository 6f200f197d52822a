"""The order of one node alone keeps the contract."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import TestCase

from chat.core.order import LocalOrder
from chat.core.session import SERVER
from tests.contracts.order import OrderContract


class LocalOrderTests(OrderContract, TestCase):
    def new_order(self) -> Any:
        return LocalOrder()

    def test_an_event_is_placed_when_it_is_published(self) -> None:
        self.order.place(self.stream.said("hi"), SERVER)
        self.assertEqual(len(self.placed), 1)
