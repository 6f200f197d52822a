// What can be typed behind a slash: one table, for what is done, for /help, and for completion.

import { count, fold, listed } from "./text.js";

// Each command: what follows it, what it does in words, and what is done with {chat, rest, words, here, page}.
const TABLE = [
  ["join", "ROOM", "go to a room, or make it", join],
  ["leave", "[ROOM]", "leave a room, or close a private conversation", leave],
  ["msg", "NAME TEXT", "say something in private", message],
  ["me", "TEXT", "say what you do", ({ chat, here, rest }) => chat.say(here, rest, { kind: "action" })],
  ["nick", "NAME", "have another name", ({ chat, words }) => chat.do("NICK", [words[0]])],
  ["topic", "[TEXT]", "see or change what the room is about", topic],
  ["rooms", "", "which rooms there are", rooms],
  ["people", "", "who is here", people],
  ["whois", "NAME", "who somebody is", whois],
  ["away", "[WHY]", "say that you are away", ({ chat, rest }) => chat.do("AWAY", [rest || "away"])],
  ["back", "", "say that you are back", ({ chat }) => chat.do("AWAY", [])],
  ["invite", "NAME", "invite somebody to this room", ({ chat, here, words }) => chat.do("INVITE", [words[0], here.name])],
  ["kick", "NAME [WHY]", "put somebody out of this room", kick],
  ["ban", "NAME", "keep somebody out of this room", mode("+b")],
  ["unban", "NAME", "let somebody in again", mode("-b")],
  ["op", "NAME", "make somebody an operator of this room", mode("+o")],
  ["deop", "NAME", "make somebody no operator any more", mode("-o")],
  ["upload", "", "send a file", ({ page }) => page.upload()],
  ["register", "", "make an account of your nickname", ({ page }) => page.register()],
  ["notify", "on|off", "be told of mentions and private messages", ({ page, words }) => page.notify(words[0])],
  ["sound", "on|off", "hear a sound with it", ({ page, words }) => page.sound(words[0])],
  ["theme", "light|dark|auto", "how the page looks", ({ page, words }) => page.theme(words[0])],
  ["say", "TEXT", "say a text as it is", ({ chat, here, rest }) => chat.say(here, rest)],
  ["help", "", "what can be typed, and which keys there are", ({ page }) => page.help()],
  ["exit", "", "sign out", ({ page }) => page.exit()],
];
const ALIASES = new Map(Object.entries({
  j: "join", part: "leave", close: "leave", query: "msg", w: "msg", names: "people", who: "people", list: "rooms",
  quit: "exit", logout: "exit", "?": "help",
}));

export const COMMANDS = new Map(
  TABLE.map(([name, usage, help, run]) => [name, { name, usage, help, run, needs: /^[A-Z]|\|/.test(usage) }]),
);

function named(name) {
  return name.startsWith("#") ? name : `#${name}`;
}

function join({ chat, words }) {
  const name = named(words[0]);
  const there = chat.find(name);
  if (there?.joined) {
    chat.look(there);
    return;
  }
  chat.request("JOIN", [name, ...words.slice(1, 2)], {}, ({ why }) => {
    if (why) chat.tell(why);
    else if (chat.find(name)) chat.look(chat.find(name));
  });
}

function leave({ chat, here, words }) {
  const conversation = words[0] ? chat.find(named(words[0])) ?? chat.find(words[0]) : here;
  if (!conversation) chat.tell(`You are not in ${words[0]}.`);
  else if (conversation.kind === "room" && conversation.joined) chat.do("PART", [conversation.name]);
  else chat.forget(conversation);
}

function message({ chat, words, rest }) {
  const text = rest.slice(words[0].length).trim();
  const conversation = chat.isRoom(words[0]) ? chat.find(words[0]) : chat.private(words[0]);
  if (!conversation) {
    chat.tell(`You are not in ${words[0]}.`);
    return;
  }
  chat.look(conversation);
  if (text) chat.say(conversation, text);
}

function topic({ chat, here, rest }) {
  if (rest) chat.do("TOPIC", [here.name, rest]);
  else chat.tell(here.topic ? `${here.name} is about: ${here.topic}` : `${here.name} has no topic.`);
}

function rooms({ chat }) {
  const where = chat.current;
  chat.request("LIST", [], {}, ({ why, items }) => {
    const found = items.filter(({ command }) => command === "322").map(({ params }) => `${params[1]} (${params[2]})`);
    chat.tell(why || (found.length ? `Rooms, and how many are there: ${found.join(", ")}` : "There are no rooms."), where);
  });
}

function people({ chat, here }) {
  const names = here.people.map((member) => member.nick);
  chat.tell(names.length ? `Here: ${listed(names, 1000)}` : `This is between you and ${here.name}.`);
}

// What the lines of the answer to WHOIS say, in words.
const FACTS = new Map(Object.entries({
  301: ([, , why]) => `away: ${why}`,
  311: ([, nick, , , , name]) => (name && fold(name) !== fold(nick) ? `also called ${name}` : ""),
  313: () => "an operator of the server",
  317: ([, , seconds]) => `silent for ${seconds < 90 ? count(Number(seconds), "second") : count(Math.round(seconds / 60), "minute")}`,
  319: ([, , list]) => `in ${listed(list.trim().split(" "), 20)}`,
  330: ([, , account]) => `has the account ${account}`,
  335: () => "a program",
  671: () => "over an encrypted link",
}));

function whois({ chat, words }) {
  const where = chat.current;
  chat.request("WHOIS", [words[0]], {}, ({ why, items }) => {
    const facts = items.map(({ command, params }) => FACTS.get(command)?.(params)).filter(Boolean);
    const name = items.find(({ command }) => command === "311")?.params[1] ?? words[0];
    chat.tell(why || `${name}: ${facts.join("; ") || "nothing more is known"}.`, where);
  });
}

function kick({ chat, here, words, rest }) {
  const why = rest.slice(words[0].length).trim();
  chat.do("KICK", [here.name, words[0], ...(why ? [why] : [])]);
}

function mode(letters) {
  const asMask = (name) => (/[!@*:]/.test(name) || letters.endsWith("o") ? name : `${name}!*@*`);
  return ({ chat, here, words }) => chat.do("MODE", [here.name, letters, asMask(words[0])]);
}

// The steps from one word to another, of one letter each.
function distance(one, other) {
  let row = [...Array(other.length + 1).keys()];
  [...one].forEach((letter, index) => {
    const next = [index + 1];
    [...other].forEach((against, at) => {
      next.push(Math.min(next[at] + 1, row[at + 1] + 1, row[at] + (letter === against ? 0 : 1)));
    });
    row = next;
  });
  return row.at(-1);
}

function nearest(word) {
  const found = [...COMMANDS.keys(), ...ALIASES.keys()].filter((name) => distance(word, name) < 3);
  return found.sort((one, other) => distance(word, one) - distance(word, other))[0];
}

// Do what is typed, or say it.  What cannot be done is said to the one who typed it: an empty text is all right.
// Nothing that looks like a command is ever published by mistake.
export function perform(chat, here, text, page, options = {}) {
  const [, word, rest] = /^\/([^\s/]+)\s*(.*)$/s.exec(text) ?? [];
  if (!word) {
    chat.say(here, text.replace(/^(?: |\/(?=\/))/, ""), options);
    return "";
  }
  const name = ALIASES.get(fold(word)) ?? fold(word);
  const command = COMMANDS.get(name);
  if (!command) {
    const near = nearest(name);
    const hint = near ? ` Did you mean /${near}?` : "";
    return `There is no command /${word}.${hint} Nothing was sent; begin with a space to say it as text.`;
  }
  if (command.needs && !rest.trim()) return `Like this: /${name} ${command.usage}`;
  command.run({ chat, here, rest: rest.trim(), words: rest.trim().split(/\s+/), page });
  return "";
}
