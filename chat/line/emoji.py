"""Emoji by their short names, like :+1: or :tada:."""

from __future__ import annotations

import re
import unicodedata

from chat.core.refusals import BadValue

#: The short names that people know from other chats and that are not the Unicode name.
SHORT = {
    "+1": "👍", "-1": "👎", "thumbsup": "👍", "thumbsdown": "👎", "ok": "👌", "clap": "👏", "wave": "👋", "pray": "🙏",
    "muscle": "💪", "point_up": "☝", "raised_hands": "🙌", "eyes": "👀", "heart": "❤", "broken_heart": "💔",
    "fire": "🔥", "100": "💯", "tada": "🎉", "rocket": "🚀", "star": "⭐", "sparkles": "✨", "bulb": "💡",
    "warning": "⚠", "x": "❌", "check": "✅", "white_check_mark": "✅", "question": "❓", "bug": "🐛", "coffee": "☕",
    "tea": "🍵", "beer": "🍺",
    "cake": "🍰", "pizza": "🍕", "smile": "😄", "grin": "😁", "joy": "😂", "rofl": "🤣", "laughing": "😆", "wink": "😉",
    "blush": "😊", "slight_smile": "🙂", "upside_down": "🙃", "heart_eyes": "😍", "kiss": "😘", "thinking": "🤔",
    "neutral": "😐", "unamused": "😒", "sweat_smile": "😅", "sob": "😭", "cry": "😢", "scream": "😱", "angry": "😠",
    "rage": "😡", "sunglasses": "😎", "shrug": "🤷", "facepalm": "🤦", "party": "🥳", "zzz": "💤", "skull": "💀",
    "poop": "💩", "robot": "🤖", "cat": "🐱", "dog": "🐶", "sun": "☀", "snow": "❄", "rainbow": "🌈",
}  # fmt: skip
NAME = re.compile(r":([a-z0-9_+-]+):", re.IGNORECASE)
#: Characters of a reaction at most: some emoji are sequences of a dozen code points.
LONGEST = 32


def reaction(text: str) -> str:
    """What somebody reacts with: an emoji, the emoji of a :name:, or a short word; BadValue."""
    named = NAME.fullmatch(text)
    if named:
        return _named(named[1])
    if not text or len(text) > LONGEST or any(letter.isspace() for letter in text):
        raise BadValue("React with an emoji or a short word, like: /react 412 :+1:")
    return text


def _named(name: str) -> str:
    if name.lower() in SHORT:
        return SHORT[name.lower()]
    try:
        found = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        found = ""
    if found and unicodedata.category(found) in ("So", "Sm", "Po"):
        return found
    raise BadValue(f"No emoji is called :{name}:. Try :+1: or :tada:, or paste the emoji itself.")
