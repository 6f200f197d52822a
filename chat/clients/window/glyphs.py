"""Keeps Tk away from fonts in colours where it cannot draw them."""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import MutableMapping

#: The first libXft that draws a glyph in colours; with older ones the X server ends a program that shows one.
COLOURS_SINCE = 20_305
#: A configuration of fontconfig: that of the system, but for fonts in colours.
PLAIN = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
 <include ignore_missing="yes">{system}</include>
 <selectfont><rejectfont><pattern><patelt name="color"><bool>true</bool></patelt></pattern></rejectfont></selectfont>
</fontconfig>
"""


def version() -> int | None:
    """That of libXft: 20306 is 2.3.6; None where there is none."""
    try:
        return int(ctypes.CDLL("libXft.so.2").XftGetVersion())
    except (OSError, AttributeError):
        return None


def keep_plain(xft: int | None, environ: MutableMapping[str, str]) -> tempfile.TemporaryDirectory[str] | None:
    """Hide fonts in colours from a Tk that is to be loaded, if that libXft cannot draw them; keep what is returned."""
    if xft is None or xft >= COLOURS_SINCE:
        return None
    folder = tempfile.TemporaryDirectory(prefix="twisted-chat-")
    path = os.path.join(folder.name, "fonts.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(PLAIN.format(system=environ.get("FONTCONFIG_FILE") or "/etc/fonts/fonts.conf"))
    environ["FONTCONFIG_FILE"] = path
    return folder
