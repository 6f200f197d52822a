"""Where one writes: a field that grows, what is answered or edited above it, and Send."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from chat.clients.window import palette
from chat.clients.window.look import Look
from chat.clients.window.spans import spans

#: The field grows up to so many lines.
MOST_LINES = 8


class Compose(ttk.Frame):
    """The field and what is around it.

    `deliver` takes the text; `typed` is told of each change; `claims` are asked for the keys that have more than one
    meaning, and say whether they took them.
    """

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, padding=(look.px(14), 0, look.px(14), look.px(12)))
        self.look = look
        self.deliver: Callable[[str], None] = lambda text: None
        self.typed: Callable[[], None] = lambda: None
        self.claims: dict[str, Callable[[], bool]] = {}
        self.columnconfigure(0, weight=1)
        self._banner()
        self.box = ttk.Frame(self, style="Field.TFrame", padding=look.px(5))
        self.box.grid(row=1, column=0, sticky="ew")
        self.box.columnconfigure(0, weight=1)
        self.text = tk.Text(
            self.box, height=1, width=1, wrap="word", undo=True, borderwidth=0, highlightthickness=0, font="ChatBody",
            background=palette.RAISED, foreground=palette.TEXT, insertbackground=palette.TEXT, padx=look.px(8),
            pady=look.px(6), selectbackground=palette.CHOSEN, selectforeground=palette.TEXT, insertwidth=look.px(2),
        )  # fmt: skip
        self.text.grid(row=0, column=0, sticky="nsew")
        self.text.tag_configure("emoji", font="ChatEmoji")
        self.hint = tk.Label(
            self.text, background=palette.RAISED, foreground=palette.MUTED, font="ChatBody", anchor="w", cursor="xterm",
            borderwidth=0, padx=0, pady=0,
        )  # fmt: skip
        self.picker = ttk.Button(self.box, text="☺", style="Icon.QuietField.TButton")
        self.picker.grid(row=0, column=1, sticky="s", padx=(look.px(2), look.px(4)))
        self.button = ttk.Button(self.box, text="Send", style="Bright.TButton", command=self.submit)
        self.button.grid(row=0, column=2, sticky="s")
        self._listen()
        self.place_hint("")

    def _banner(self) -> None:
        px = self.look.px
        self.banner = ttk.Frame(self, style="Banner.TFrame", padding=(px(12), px(3), px(4), px(3)))
        self.banner.columnconfigure(0, weight=1)
        self.said = ttk.Label(self.banner, style="Banner.TLabel", width=1)
        self.said.grid(row=0, column=0, sticky="ew")
        self.drop = ttk.Button(
            self.banner, text="✕ Esc", style="QuietBanner.TButton", command=lambda: self._ask("Escape")
        )
        self.drop.grid(row=0, column=1)

    def _listen(self) -> None:
        text = self.text
        text.bind("<Return>", lambda event: self._enter())
        text.bind("<KP_Enter>", lambda event: self._enter())
        text.bind("<Shift-Return>", lambda event: self._break())
        for key in ("Tab", "Up", "Down", "Escape", "Prior", "Next"):
            text.bind(f"<{key}>", lambda event, key=key: self._key(key))  # type: ignore[misc]
        text.bind("<Control-Up>", lambda event: self._key("Ctrl-Up") or "break")
        for key in ("Shift-Tab", "ISO_Left_Tab"):
            try:
                text.bind(f"<{key}>", lambda event: self._turn(back=True))
            except tk.TclError:
                continue
        text.bind("<<Modified>>", lambda event: self._modified())
        text.bind("<<Paste>>", lambda event: self._paste())
        text.bind("<FocusIn>", lambda event: self.box.state(["focus"]), add=True)
        text.bind("<FocusOut>", lambda event: self.box.state(["!focus"]), add=True)
        text.bind("<Configure>", lambda event: self._fit())
        self.hint.bind("<Button-1>", lambda event: text.focus_set())

    # -- the text

    @property
    def value(self) -> str:
        """What is written."""
        return self.text.get("1.0", "end - 1 char")

    @property
    def position(self) -> int:
        """How many characters stand before the cursor."""
        return len(self.text.get("1.0", "insert"))

    def write(self, text: str, position: int | None = None) -> None:
        """Have another text there, and the cursor at its end or behind so many characters."""
        self.text.delete("1.0", "end")
        self.text.insert("1.0", text)
        self.text.edit_reset()
        if position is not None:
            self.text.mark_set("insert", self._index(position))
        self.text.see("insert")

    def insert(self, text: str) -> None:
        """Write something where the cursor is."""
        self.text.insert("insert", text)
        self.text.focus_set()

    def _index(self, position: int) -> str:
        """Where so many characters end: counted line by line, since Tk counts some emoji as two."""
        before = self.value[:position].split("\n")
        line = self.value.split("\n")[len(before) - 1]
        units = len(before[-1].encode("utf-16-le")) // 2 if self._wide(line) else len(before[-1])
        return f"{len(before)}.{units}"

    def _wide(self, line: str) -> bool:
        """Whether Tk counts the letters beyond the first plane as two."""
        return any(letter > "\uffff" for letter in line) and tk.TkVersion < 9

    def place_hint(self, hint: str) -> None:
        """What an empty field says."""
        self.hint.configure(text=hint)
        self._show_hint()

    def _show_hint(self) -> None:
        if self.value:
            self.hint.place_forget()
        else:
            self.hint.place(x=self.look.px(1), y=0, relwidth=1.0, width=-self.look.px(12))

    def show_banner(self, text: str) -> None:
        """Say what is answered or edited, or nothing."""
        self.said.configure(text=text)
        if text:
            self.banner.grid(row=0, column=0, sticky="ew", pady=(0, self.look.px(4)))
        else:
            self.banner.grid_forget()

    def _modified(self) -> None:
        if self.text.edit_modified():
            self.text.edit_modified(False)
            self._show_hint()
            self._fit()
            self._colour()
            self.typed()

    def _colour(self) -> None:
        """Emoji are shown in colours while one writes, too."""
        self.text.tag_remove("emoji", "1.0", "end")
        at = 0
        for piece, kind in spans(self.value):
            if kind == "emoji":
                self.text.tag_add("emoji", self._index(at), self._index(at + len(piece)))
            at += len(piece)

    def _fit(self) -> None:
        """Be as high as what is written."""
        counted = self.text.count("1.0", "end", "displaylines")
        lines = counted[0] if isinstance(counted, tuple) else counted or 1
        self.text.configure(height=max(1, min(MOST_LINES, lines)))

    # -- keys

    def submit(self) -> None:
        """Send what is written, if there is something."""
        text = self.value
        if text.strip():
            self.deliver(text)
        self.text.focus_set()

    def _enter(self) -> str:
        if not self._ask("Return"):
            self.submit()
        return "break"

    def _break(self) -> str:
        self.text.insert("insert", "\n")
        self.text.see("insert")
        return "break"

    def _ask(self, key: str) -> bool:
        return key in self.claims and self.claims[key]()

    def _key(self, key: str) -> str | None:
        if self._ask(key):
            return "break"
        return self._turn() if key == "Tab" else None

    def _turn(self, back: bool = False) -> str:
        """Give the keyboard to what is next to the field."""
        to = self.text.tk_focusPrev() if back else self.text.tk_focusNext()
        if to is not None:
            to.focus_set()
        return "break"

    def _paste(self) -> str:
        """Take in what is on the clipboard as it is, line breaks and all, in the place of what is marked."""
        try:
            text = self.clipboard_get()
        except tk.TclError:
            return "break"
        if self.text.tag_ranges("sel"):
            self.text.delete("sel.first", "sel.last")
        self.text.insert("insert", text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n"))
        self.text.see("insert")
        return "break"
