"""Tests from end to end: a real browser, a real daemon."""
