// What the modules of the page make of lines and texts.

import assert from "node:assert/strict";
import test from "node:test";

import { Batches } from "../../chat/web/static/batches.js";
import { Chat } from "../../chat/web/static/chat.js";
import { perform } from "../../chat/web/static/commands.js";
import { completions, emojiTyped } from "../../chat/web/static/completion.js";
import { format, parse, pieces, size } from "../../chat/web/static/message.js";
import { rowsOf } from "../../chat/web/static/rows.js";
import { address, clean, isEmoji, listed, mentions, parts } from "../../chat/web/static/text.js";

test("a line is read and written again", () => {
  const message = parse("@time=x;+draft/reply=a\\:b\\sc :ann!a@h PRIVMSG #tea :hello  there :)");
  assert.equal(message.tags.get("+draft/reply"), "a;b c");
  assert.deepEqual([message.nick, message.command, message.params], ["ann", "PRIVMSG", ["#tea", "hello  there :)"]]);
  assert.equal(parse("@a=b :source"), null);
  assert.equal(parse(""), null);
  assert.equal(parse("@__proto__=x PING").tags.get("__proto__"), "x");
  const written = format("PRIVMSG", ["#tea", "a\r\nQUIT :x"], { label: "a b;\n" });
  assert.equal(written, "@label=a\\sb\\:\\n PRIVMSG #tea :a  QUIT :x");
  assert.deepEqual(parse(written).params, ["#tea", "a  QUIT :x"]);
  assert.equal(format("TOPIC", ["#tea", ""]), "TOPIC #tea :");
});

test("a long line is cut between words, and never within a character", () => {
  for (const text of ["word ".repeat(200), "ä".repeat(500), "👩‍👩‍👧 ".repeat(90), "x".repeat(351), "", "short"]) {
    const found = pieces(text);
    assert.equal(found.join(""), text);
    assert.ok(found.every((piece) => size(piece) <= 350 && !piece.includes("\ufffd")));
  }
  assert.ok(pieces("word ".repeat(200)).slice(0, -1).every((piece) => piece.endsWith(" ")));
});

test("lines of a batch become one message, also within another batch", () => {
  const heard = [];
  const batches = new Batches((item) => heard.push(item));
  const lines = [
    ":s BATCH +1 chathistory #tea", "@batch=1;msgid=a;+draft/reply=r :ann!a@h BATCH +2 draft/multiline #tea",
    "@batch=2 :ann!a@h PRIVMSG #tea :one", "@batch=2 :ann!a@h PRIVMSG #tea :two ",
    "@batch=2;draft/multiline-concat :ann!a@h PRIVMSG #tea :still two", "BATCH -2",
    "@batch=1;msgid=b :bob!b@h PRIVMSG #tea :three", ":bob!b@h PRIVMSG #tea :meanwhile", "BATCH -1", "BATCH -9",
  ];
  for (const line of lines) batches.take(parse(line));
  assert.deepEqual(heard.map((item) => item.kind ?? item.params[1]), ["meanwhile", "chathistory"]);
  const [first, second] = heard[1].items;
  assert.deepEqual([first.params[1], first.tags.get("msgid"), first.tags.get("+draft/reply")], ["one\ntwo still two", "a", "r"]);
  assert.equal(second.params[1], "three");
});

test("only addresses of the web are links, and they end where a sentence does", () => {
  const links = (text) => parts(text).filter((part) => part.kind === "link").map((part) => part.text);
  assert.deepEqual(links("see http://a.example/x?y=1#z, (https://b.example/c). Or \"http://c.example\"!"),
    ["http://a.example/x?y=1#z", "https://b.example/c", "http://c.example"]);
  assert.deepEqual(links("javascript:alert(1) data:text/html,x ftp://x.example xhttp://y.example http:// https://"), []);
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "//x", "x", "vbscript:x", ""]) assert.equal(address(bad), null);
  const text = "hi ann, `code http://x.example` and http://ann.example/ann Ann";
  assert.equal(parts(text, "ann").map((part) => (part.kind === "code" ? `\`${part.text}\`` : part.text)).join(""), text);
  assert.deepEqual(parts(text, "ann").filter((part) => part.kind === "name").map((part) => part.text), ["ann", "Ann"]);
});

test("texts lose what would drive them, and names are found as words", () => {
  assert.equal(clean("\x02bold\x02 \x034,12red\x0f \u202eabc\u2066 \x1b[31m\tx"), "bold red abc [31m    x");
  assert.ok(mentions("Hey ANN!", "ann") && mentions("ann: hi", "ann") && mentions("x,a.b,y", "a.b"));
  assert.ok(!mentions("annual", "ann") && !mentions("ann_", "ann") && !mentions("axb", "a.b") && !mentions("x", ""));
  assert.ok(isEmoji("🎉🎉") && isEmoji("👩‍👩‍👧") && isEmoji("🇩🇪") && !isEmoji("1") && !isEmoji("🎉 x") && !isEmoji("#"));
  assert.equal(listed(["a", "b", "c", "d", "e"]), "a, b and 3 others");
});

function quiet() {
  const chat = new Chat("", { now: () => Date.UTC(2026, 10, 20, 12), random: Math.random });
  Object.assign(chat, { me: "ann" });
  const room = chat.room("#tea");
  room.members = new Map(["ann", "bob", "Bobby", "carol"].map((nick) => [nick.toLowerCase(), { nick, prefixes: "" }]));
  return { chat, room };
}

test("what looks like a command is never said by mistake", () => {
  const { chat, room } = quiet();
  const said = () => room.waiting.map((line) => line.text);
  assert.match(perform(chat, room, "/jion kitchen", {}), /no command \/jion\. Did you mean \/join\? Nothing was sent/);
  assert.match(perform(chat, room, "/toString", {}), /no command/);
  assert.match(perform(chat, room, "/kick", {}), /Like this: \/kick NAME/);
  assert.deepEqual(said(), []);
  for (const text of ["hello", " /as it is", "//slash", "/say /x", "/me waves"]) assert.equal(perform(chat, room, text, {}), "");
  assert.deepEqual(said(), ["hello", "/as it is", "/slash", "/x", "waves"]);
  assert.equal(room.waiting.at(-1).kind, "action");
});

test("half-typed words become names, rooms, commands, emoji", () => {
  const { chat, room } = quiet();
  const offered = (text, asked) => completions(chat, room, text, text.length, asked)?.choices.map((choice) => choice.text);
  assert.deepEqual(offered("bo", true), ["bob: ", "Bobby: "]);
  assert.deepEqual(offered("hi car", true), ["carol "]);
  assert.equal(offered("bo"), undefined);
  assert.deepEqual(offered("hi @car"), ["carol "]);
  assert.deepEqual(offered("/jo"), ["/join "]);
  assert.deepEqual(offered("see #t"), ["#tea "]);
  assert.deepEqual(offered("nice :tad"), ["🎉"]);
  assert.equal(offered("at 12:30"), undefined);
  assert.equal(offered("http://x"), undefined);
  assert.deepEqual(emojiTyped("a :tada: b", 8), ["a 🎉 b", 4]);
  assert.equal(emojiTyped("x:tada:", 7), null);
  assert.equal(emojiTyped(":nothing:", 9), null);
});

test("rows: days, groups, comings and goings in one", () => {
  const { chat, room } = quiet();
  const noon = chat.world.now();
  const hear = (line) => chat.batches.take(parse(line));
  room.joined = true;
  let number = 0;
  const say = (who, text, at) => {
    number += 1;
    hear(`@msgid=m${number};time=${new Date(noon + at).toISOString()} :${who}!u@h ${text}`);
  };
  say("bob", "PRIVMSG #tea :yesterday", -86_400_000);
  say("bob", "PRIVMSG #tea :today", 0);
  say("bob", "PRIVMSG #tea :again", 1000);
  say("dave", "JOIN #tea", 2000);
  say("erin", "JOIN #tea", 3000);
  say("dave", "PART #tea", 4000);
  say("bob", "PRIVMSG #tea :and again", 5000);
  const rows = rowsOf(chat, room, noon);
  assert.deepEqual(rows.map((row) => row.text ?? row.line?.text ?? row.kind),
    ["more", "Yesterday", "yesterday", "Today", "today", "again", "dave came and left, erin came", "and again"]);
  assert.deepEqual(rows.filter((row) => row.line).map((row) => row.goesOn), [false, false, true, false]);
  assert.equal(new Set(rows.map((row) => row.key)).size, rows.length);
});

test("reactions, removals and new wordings may come before the line that they are about", () => {
  const { chat, room } = quiet();
  chat.caps.set("draft/message-edit", "");
  const hear = (line) => chat.batches.take(parse(line));
  hear("@msgid=r1;+draft/react=🎉;+draft/reply=m1 :bob!u@h TAGMSG #tea");
  hear("@+draft/edit=m1 :ann!u@h PRIVMSG #tea :later");
  hear(":bob!u@h REDACT #tea m2");
  hear("@msgid=m1 :ann!u@h PRIVMSG #tea :first");
  hear("@msgid=m2 :bob!u@h PRIVMSG #tea :secret");
  const [one, two] = room.lines;
  assert.deepEqual([one.text, one.edited, [...one.reactions.get("🎉")]], ["later", true, ["bob"]]);
  assert.deepEqual([two.text, two.removed], ["", true]);
  hear(":bob!u@h REDACT #tea r1");
  assert.equal(one.reactions.size, 0);
  hear("@msgid=m1 :ann!u@h PRIVMSG #tea :first");
  assert.equal(room.lines.length, 2);
});

// A chat whose server is played by the test: `sent` is what it said, `answer` gives it the lines of a page.
function served() {
  const { chat, room } = quiet();
  const sent = [];
  for (const name of ["batch", "draft/chathistory"]) chat.caps.set(name, "");
  chat.state = { kind: "online" };
  chat.link.state = "open";
  chat.link.send = (command, params, tags) => sent.push([[command, ...params].join(" "), tags?.label]);
  room.joined = true;
  const hear = (line) => chat.batches.take(parse(line));
  const answer = (...lines) => {
    const label = sent.at(-1)[1];
    hear(`@label=${label} BATCH +h chathistory #tea`);
    for (const line of lines) hear(`@batch=h;${line}`);
    hear("BATCH -h");
  };
  return { chat, room, sent, hear, answer };
}

test("pages that are all reactions do not end the history, in neither direction", () => {
  const { chat, room, sent, hear, answer } = served();
  const reaction = (id) => `msgid=${id};+draft/react=🎉;+draft/reply=m1 :bob!u@h TAGMSG #tea`;
  hear("@msgid=m1 :bob!u@h PRIVMSG #tea :first");
  chat.past.fetch(room);
  assert.match(sent.at(-1)[0], /^CHATHISTORY AFTER #tea msgid=m1 50$/);
  answer(reaction("r1"), reaction("r2"));
  assert.match(sent.at(-1)[0], /^CHATHISTORY AFTER #tea msgid=r2 50$/);
  answer("msgid=m2 :bob!u@h PRIVMSG #tea :missed");
  answer();
  assert.match(sent.at(-1)[0], /^CHATHISTORY LATEST #tea \* 50$/);
  answer("msgid=m1 :bob!u@h PRIVMSG #tea :first", "msgid=m2 :bob!u@h PRIVMSG #tea :missed");
  assert.deepEqual(room.lines.map((line) => line.text), ["first", "missed"]);
  assert.ok(chat.past.older(room));
  assert.match(sent.at(-1)[0], /^CHATHISTORY BEFORE #tea msgid=m1 50$/);
  answer(reaction("q1"), reaction("q2"));
  assert.ok(chat.past.older(room));
  assert.match(sent.at(-1)[0], /^CHATHISTORY BEFORE #tea msgid=q1 50$/);
  answer("msgid=m0 :bob!u@h PRIVMSG #tea :zeroth");
  assert.ok(chat.past.older(room));
  answer();
  assert.ok(!chat.past.older(room));
  assert.deepEqual(room.lines.map((line) => line.text), ["zeroth", "first", "missed"]);
});

test("what was edited or taken back while the link was lost is so afterwards", () => {
  const { chat, room, hear, answer } = served();
  const at = (id) => `time=2026-11-20T12:00:0${id === "a" ? 0 : 1}Z`;
  for (const [id, text] of [["a", "one"], ["b", "two"], ["c", "three"]]) {
    hear(`@msgid=${id};${at(id)} :bob!u@h PRIVMSG #tea :${text}`);
  }
  chat.past.fetch(room);
  answer();
  const page = [["a", "one"], ["c", "four"]].map(([id, text]) => `msgid=${id};${at(id)} :bob!u@h PRIVMSG #tea :${text}`);
  answer(...page);
  const shown = room.lines.map((line) => [line.text, line.edited, line.removed]);
  assert.deepEqual(shown, [["one", false, false], ["", false, true], ["four", true, false]]);
});

test("what one said oneself is there once, wherever in the history it is found", () => {
  const { chat, room, sent, hear, answer } = served();
  chat.caps.set("twisted-chat/nonce", "");
  const [failed, late] = ["failed", "late"].map((text) => chat.say(room, text));
  const tag = (line) => `+twisted-chat/nonce=${line.nonce}`;
  hear(`@label=${sent.at(-1)[1]} :kettle FAIL PRIVMSG DUPLICATE #tea :again`);
  assert.deepEqual([late.state, late.id], ["kept", ""]);
  chat.outbox.fail(failed, "the link broke");
  hear("@msgid=z :bob!u@h PRIVMSG #tea :later");
  assert.ok(chat.past.older(room));
  answer(`msgid=x;${tag(failed)} :ann!u@h PRIVMSG #tea :failed`, `msgid=y;${tag(late)} :ann!u@h PRIVMSG #tea :late`);
  assert.deepEqual(room.lines.map((line) => [line.text, line.state]), [["failed", "kept"], ["late", "kept"], ["later", "kept"]]);
  assert.deepEqual([room.waiting.length, chat.outbox.size, late.id], [0, 0, "y"]);
});
