"""`twistd chat` is there because Twisted finds the plugin."""

from __future__ import annotations

from twisted.application.service import IService, IServiceMaker, ServiceMaker
from twisted.plugin import getPlugins
from twisted.trial.unittest import SynchronousTestCase

import chat.options


class PluginTests(SynchronousTestCase):
    def setUp(self) -> None:
        [self.maker] = [maker for maker in getPlugins(IServiceMaker) if maker.tapname == "chat"]

    def test_it_stands_in_the_list_of_commands(self) -> None:
        self.assertIsInstance(self.maker, ServiceMaker)
        self.assertRegex(self.maker.description, r"\AA chat .{10,60}[^.]\Z")

    def test_it_makes_the_service(self) -> None:
        options = self.maker.options()
        self.assertIsInstance(options, chat.options.Options)
        options.parseOptions(["--database", ":memory:", "--lobby", "hall"])
        service = self.maker.makeService(options)
        self.assertTrue(IService.providedBy(service))
        self.assertEqual(service.config.lobby, "hall")
