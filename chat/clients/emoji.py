"""Emoji: in groups for a picker, and by their names, like :smile: and :+1:."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

#: For a picker: each group with its emoji and the name that people know from other chats.
GROUPS: dict[str, str] = {
    "Faces": """😄 smile 😃 smiley 😀 grinning 😁 grin 😆 laughing 😅 sweat_smile 🤣 rofl 😂 joy 🙂 slight_smile
        🙃 upside_down 😉 wink 😊 blush 😇 innocent 🥰 smiling_hearts 😍 heart_eyes 🤩 star_struck 😘 kiss 😋 yum
        😛 tongue 😜 winking_tongue 🤪 zany 🤗 hug 🤔 thinking 🤐 zipper_mouth 🤨 raised_eyebrow 😐 neutral
        😑 expressionless 😶 no_mouth 😏 smirk 😒 unamused 🙄 rolling_eyes 😬 grimace 😌 relieved 😔 pensive
        😪 sleepy 😴 sleeping 😷 mask 🤒 sick 🤕 hurt 🤢 nauseated 🤧 sneeze 🥵 hot 🥶 cold 😵 dizzy 🤯 mind_blown
        🥳 party 😎 sunglasses 🤓 nerd 🧐 monocle 😕 confused 😟 worried 🙁 frown 😮 open_mouth 😯 hushed
        😲 astonished 😳 flushed 🥺 pleading 😧 anguished 😨 fearful 😰 cold_sweat 😢 cry 😭 sob 😱 scream 😖 confounded
        😞 disappointed 😓 sweat 😩 weary 😫 tired 🥱 yawn 😤 triumph 😡 rage 😠 angry 🤬 cursing 😈 devil 💀 skull
        💩 poop 🤡 clown 👻 ghost 👽 alien 🤖 robot 🙈 see_no_evil 🙉 hear_no_evil 🙊 speak_no_evil""",
    "Hands and people": """👍 +1 👎 -1 👌 ok 🤏 pinch ✌ victory 🤞 crossed_fingers 🤘 rock_on 🤙 call_me 👈 point_left
        👉 point_right 👆 point_up 👇 point_down ☝ finger_up 👋 wave 🤚 back_of_hand ✋ raised_hand 🖖 vulcan 👏 clap
        🙌 raised_hands 👐 open_hands 🤝 handshake 🙏 pray ✍ writing 💪 muscle 👀 eyes 🧠 brain 🤷 shrug 🤦 facepalm
        🙋 raising_hand 🙇 bow 💃 dancer 🏃 runner 👶 baby 👪 family""",
    "Hearts and signs": """❤ heart 🧡 orange_heart 💛 yellow_heart 💚 green_heart 💙 blue_heart 💜 purple_heart
        🖤 black_heart 💔 broken_heart 💕 two_hearts 💖 sparkling_heart 💯 100 💥 boom 💫 dizzy_star 💦 drops 💤 zzz
        ✅ check ❌ x ❓ question ❗ exclamation ⚠ warning 🚫 forbidden ⛔ no_entry ♻ recycle ➕ plus ➖ minus
        🔴 red_circle 🟢 green_circle 🔵 blue_circle ⭐ star 🌟 glowing_star ✨ sparkles 🔥 fire 🎉 tada 🎊 confetti""",
    "Food and drink": """☕ coffee 🍵 tea 🍺 beer 🍻 cheers 🍷 wine 🥂 clink 🍸 cocktail 🥤 cup 🧃 juice 🍞 bread
        🥐 croissant 🧀 cheese 🥚 egg 🍳 cooking 🥓 bacon 🍔 burger 🍟 fries 🍕 pizza 🌭 hotdog 🌮 taco 🥗 salad
        🍝 pasta 🍜 noodles 🍣 sushi 🍚 rice 🍦 ice_cream 🍩 doughnut 🍪 cookie 🎂 birthday 🍰 cake 🍫 chocolate
        🍎 apple 🍌 banana 🍓 strawberry 🍒 cherries 🍉 watermelon 🍋 lemon 🥑 avocado 🌶 hot_pepper 🍿 popcorn""",
    "Animals and nature": """🐱 cat 🐶 dog 🐭 mouse 🐰 rabbit 🦊 fox 🐻 bear 🐼 panda 🐨 koala 🦁 lion 🐮 cow 🐷 pig
        🐸 frog 🐵 monkey 🐔 chicken 🐧 penguin 🦆 duck 🦉 owl 🐝 bee 🐛 bug 🦋 butterfly 🐌 snail 🐢 turtle 🐍 snake
        🐙 octopus 🐟 fish 🐬 dolphin 🐳 whale 🐘 elephant 🦄 unicorn 🌱 seedling 🌲 tree 🌵 cactus 🍀 clover 🌹 rose
        🌻 sunflower 🌍 earth 🌙 moon ☀ sun ⛅ cloudy 🌧 rain ⛈ storm ❄ snow ⛄ snowman 🌈 rainbow 🌊 ocean""",
    "Things and places": """🚀 rocket 🚗 car 🚲 bike 🚆 train ✈ airplane 🚢 ship 🏠 house 🏢 office ⛺ tent 🗺 map
        ⌚ watch 📱 phone 💻 laptop ⌨ keyboard 🖨 printer 💾 floppy 📷 camera 🎥 movie 📺 tv 🎧 headphones 🎵 music
        🎸 guitar 🎹 piano ⚽ soccer 🏀 basketball 🎾 tennis 🏆 trophy 🥇 gold 🎮 game 🎲 dice 🧩 puzzle 🎨 art 💡 bulb
        🔦 torch 📖 book 📚 books 📝 memo ✏ pencil 📎 paperclip 📌 pin 📅 calendar 📈 chart_up 📉 chart_down 🔒 lock
        🔑 key 🔧 wrench 🔨 hammer ⚙ gear 🔗 link 🧪 test_tube 💰 money 📦 package ✉ envelope 📣 megaphone 🔔 bell
        🔕 no_bell ⏰ alarm ⏳ hourglass 🗑 trash 🚩 flag 🏁 finish""",
}  # fmt: skip
#: Other names of some of them.
ALIASES = {
    "thumbsup": "👍", "thumbsdown": "👎", "white_check_mark": "✅", "heavy_check_mark": "✔", "lol": "😂", "love": "❤",
    "hi": "👋", "cool": "😎", "sad": "😢", "happy": "😄", "celebrate": "🎉", "ok_hand": "👌", "hmm": "🤔",
    "thanks": "🙏",
}  # fmt: skip
#: Where Unicode has its pictures.
BLOCKS = ((0x2600, 0x27C0), (0x1F300, 0x1F650), (0x1F680, 0x1F700), (0x1F900, 0x1FB00))
NAME = re.compile(r":([A-Za-z0-9_+-]+):")


@cache
def groups() -> dict[str, list[tuple[str, str]]]:
    """For a picker: the groups, each with its (name, emoji)."""
    pairs = {group: text.split() for group, text in GROUPS.items()}
    return {group: list(zip(words[1::2], words[::2], strict=True)) for group, words in pairs.items()}


@cache
def names() -> dict[str, str]:
    """All names there are: those of the picker, and what Unicode calls its pictures."""
    found = {name: emoji for pairs in groups().values() for name, emoji in pairs} | ALIASES
    for first, last in BLOCKS:
        for code in range(first, last):
            name = unicodedata.name(chr(code), "").lower().replace(" ", "_")
            if name and unicodedata.category(chr(code)) == "So":
                found.setdefault(name, chr(code))
    return found


def named(word: str) -> list[tuple[str, str]]:
    """The (name, emoji) whose name has this in it: those first that begin so, short ones before long ones."""
    word = word.lower()
    found = [(name, emoji) for name, emoji in names().items() if word in name]
    return sorted(found, key=lambda pair: (not pair[0].startswith(word), len(pair[0]), pair[0]))


def emoji_of(word: str) -> str:
    """The emoji of :a_name:, or the word itself."""
    match = NAME.fullmatch(word)
    return names().get(match[1].lower(), word) if match else word


def with_emoji(text: str) -> str:
    """A text in which every :name: that is known has become its emoji."""
    return NAME.sub(lambda match: names().get(match[1].lower(), match[0]), text)
