// Who is here: comings, goings, names, roles, who is away; and what rooms are about.

import { Line, ROOM } from "./conversation.js";
import { clean, fold } from "./text.js";

const PREFIXES = new Map([["q", "~"], ["a", "&"], ["o", "@"], ["h", "%"], ["v", "+"]]);
const ROLES = new Map([["+o", "an operator"], ["+q", "a founder"], ["+v", "allowed to speak"]]);

const because = (message, at) => (message.params[at] ? ` (${clean(message.params[at])})` : "");

function topicText(message) {
  return message.params[1] ? `changed the topic to: ${clean(message.params[1])}` : "removed the topic";
}

function modeText({ params }) {
  const role = ROLES.get(params[1]);
  return role && params[2] ? `made ${params[2]} ${role}` : `set ${clean(params.slice(1).join(" "))}`;
}

// What somebody did, in words that stand behind the name; nothing for what is no event for people.
export const EVENTS = new Map(Object.entries({
  JOIN: () => "came",
  PART: (message) => `left${because(message, 1)}`,
  QUIT: (message) => `left${because(message, 0)}`,
  KICK: (message) => (message.params[1] ? `put out ${message.params[1]}${because(message, 2)}` : ""),
  NICK: (message) => (message.params[0] ? `is now ${message.params[0]}` : ""),
  TOPIC: (message) => (message.params.length > 1 ? topicText(message) : ""),
  MODE: (message) => (message.params.length > 1 ? modeText(message) : ""),
  RENAME: (message) => (message.params[1] ? `renamed the room to ${message.params[1]}` : ""),
}));

// Show an event in a conversation.
export function note(chat, conversation, message) {
  const text = EVENTS.get(message.command)(message);
  const time = Date.parse(message.tags.get("time") ?? "") || chat.world.now();
  const id = message.tags.get("msgid") ?? "";
  const line = new Line({ who: message.nick, text, time, kind: "event", event: message.command, id });
  if (!text || conversation.has(line)) return;
  conversation.add(line);
  chat.changed("lines", conversation, line);
}

function roomsOf(chat, nick) {
  return chat.rooms.filter((room) => room.members.has(fold(nick)));
}

// Whether somebody whom one talks with in private is here.
function seen(chat, nick, here) {
  const conversation = chat.find(nick);
  if (!conversation) return;
  conversation.present = here;
  chat.changed("conversations", conversation);
}

function join(chat, message) {
  const [name, account] = message.params;
  const { nick } = message;
  if (account !== undefined) chat.person(nick).account = account === "*" ? "" : account;
  if (chat.isMe(nick)) {
    const room = chat.room(name);
    room.members = new Map([[fold(nick), { nick, prefixes: "" }]]);
    if (!chat.wanted.some((each) => fold(each) === fold(name))) chat.wanted = [...chat.wanted, room.name];
    chat.begin(room);
    return;
  }
  const room = chat.find(name);
  if (room?.joined) {
    if (!room.members.has(fold(nick))) room.members.set(fold(nick), { nick, prefixes: "" });
    note(chat, room, message);
    chat.changed("people", room);
  }
  seen(chat, nick, true);
}

function part(chat, message) {
  const room = chat.find(message.params[0] ?? "");
  const who = message.command === "KICK" ? message.params[1] ?? "" : message.nick;
  if (!room) return;
  room.members.delete(fold(who));
  if (message.command === "KICK" || !chat.isMe(who)) note(chat, room, message);
  if (chat.isMe(who)) {
    room.joined = false;
    room.members.clear();
    chat.wanted = chat.wanted.filter((name) => fold(name) !== fold(room.name));
    if (message.command === "KICK") chat.outbox.abandon(room, "You are no longer in this room.");
    else chat.forget(room);
    chat.changed("conversations", room);
  }
  chat.changed("people", room);
}

function quit(chat, message) {
  for (const room of roomsOf(chat, message.nick)) {
    room.members.delete(fold(message.nick));
    room.types(message.nick, "done");
    note(chat, room, message);
    chat.changed("people", room);
  }
  chat.everyone.delete(fold(message.nick));
  seen(chat, message.nick, false);
}

function nick(chat, message) {
  const [old, now] = [message.nick, message.params[0] ?? ""];
  const rooms = roomsOf(chat, old);
  const person = { ...chat.person(old), nick: now };
  chat.everyone.delete(fold(old));
  chat.everyone.set(fold(now), person);
  if (chat.isMe(old)) {
    chat.me = now;
    chat.who.nick = now;
    chat.changed("state");
  }
  for (const room of rooms) {
    const member = room.members.get(fold(old));
    room.members.delete(fold(old));
    room.members.set(fold(now), { ...member, nick: now });
    note(chat, room, message);
    chat.changed("people", room);
  }
  const conversation = chat.find(old);
  if (conversation && conversation.kind !== ROOM && !chat.find(now)) {
    conversation.name = now;
    chat.changed("conversations", conversation);
  }
}

function rename(chat, message) {
  const room = chat.find(message.params[0] ?? "");
  if (!room || !message.params[1]) return;
  chat.wanted = chat.wanted.map((name) => (fold(name) === fold(room.name) ? message.params[1] : name));
  [, room.name] = message.params;
  note(chat, room, message);
  chat.changed("conversations", room);
}

function away(chat, message) {
  chat.person(message.nick).away = message.params.length ? clean(message.params[0]) : null;
  chat.changed("people");
}

function account(chat, message) {
  const name = message.params[0] === "*" ? "" : message.params[0] ?? "";
  chat.person(message.nick).account = name;
  if (chat.isMe(message.nick)) chat.account = name;
  chat.changed("people");
}

// RPL_NAMREPLY: with the prefixes of the roles, and with the hosts.
function names(chat, message) {
  const room = chat.find(message.params[2] ?? "");
  for (const word of room ? message.params.at(-1).split(" ").filter(Boolean) : []) {
    const [, prefixes, nick] = /^([~&@%+]*)([^!]*)/.exec(word);
    room.members.set(fold(nick), { nick, prefixes });
  }
}

function named(chat, message) {
  const room = chat.find(message.params[1] ?? "");
  if (room) chat.changed("people", room);
}

// WHO #room %cnfa (IRCv3 whox): the room, the name, H or G for here or gone with the roles, the account.
function described(chat, message) {
  const [, , nick, flags = "", account = "0"] = message.params;
  const person = chat.person(nick);
  person.away = flags.startsWith("G") ? person.away ?? "" : null;
  Object.assign(person, { account: account === "0" ? "" : account, bot: flags.includes("B") });
}

function mode(chat, message) {
  const room = chat.find(message.params[0] ?? "");
  if (!room || message.params.length < 2) return;
  const values = message.params.slice(2);
  let on = true;
  for (const letter of message.params[1]) {
    if (letter === "+" || letter === "-") {
      on = letter === "+";
    } else if (PREFIXES.has(letter) || "Ibek".includes(letter) || (on && "fl".includes(letter))) {
      role(room.members.get(fold(values.shift() ?? "")), PREFIXES.get(letter), on);
    }
  }
  note(chat, room, message);
  chat.changed("people", room);
}

function role(member, prefix, on) {
  if (!member || !prefix) return;
  const held = new Set(member.prefixes);
  if (on) held.add(prefix);
  else held.delete(prefix);
  member.prefixes = [...PREFIXES.values()].filter((each) => held.has(each)).join("");
}

function topic(chat, message) {
  const numeric = message.command !== "TOPIC";
  const room = chat.find(message.params[numeric ? 1 : 0] ?? "");
  if (!room) return;
  room.topic = message.command === "331" ? "" : clean(message.params.at(-1));
  if (!numeric) note(chat, room, message);
  chat.changed("conversations", room);
}

function monitored(chat, message) {
  for (const mask of message.params.at(-1).split(",")) seen(chat, mask.split("!")[0], message.command === "730");
}

function invited(chat, message) {
  const [who, room] = message.params;
  if (chat.isMe(who)) chat.tell(`${message.nick} invites you to ${room}. To go there: /join ${room}`);
  else if (chat.find(room)) chat.tell(`${message.nick} invites ${who}.`, chat.find(room));
}

// RPL_ISUPPORT: tokens, KEY or KEY=value, between the name and a text.
function supports(chat, message) {
  for (const token of message.params.slice(1, -1)) {
    const [key] = token.split("=", 1);
    chat.support.set(key, token.slice(key.length + 1));
  }
  chat.changed("support");
}

function capabilities(chat, message) {
  const names = (message.params[2] ?? "").split(" ").map((word) => word.split("=")[0]);
  if (message.params[1] === "DEL") for (const name of names) chat.caps.delete(name);
}

// The message of the day, as one text when it is whole.
function daily(chat, message) {
  if (message.command === "375") chat.daily = [];
  else if (message.command === "372") chat.daily.push(clean(message.params.at(-1)).replace(/^- ?/, ""));
  else chat.changed("daily");
}

// What the function makes of each command.
export const HEARS = new Map(Object.entries({
  JOIN: join, PART: part, KICK: part, QUIT: quit, NICK: nick, RENAME: rename, AWAY: away, ACCOUNT: account, MODE: mode,
  TOPIC: topic, 332: topic, 331: topic, 353: names, 366: named, 354: described, 315: named, INVITE: invited,
  372: daily, 375: daily, 376: daily, 422: () => {}, 730: monitored, 731: monitored, "005": supports, CAP: capabilities,
}));
