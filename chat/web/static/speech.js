// What is said, and what is done to it afterwards: PRIVMSG, NOTICE, TAGMSG, REDACT, MARKREAD.

import { Line, PRIVATE } from "./conversation.js";
import { NONCE } from "./outbox.js";
import { EVENTS } from "./presence.js";
import { clean, mentions } from "./text.js";

const ACTION = "\x01ACTION ";
const REACT = "+draft/react";
const UNREACT = "+draft/unreact";
const EDIT = "+draft/edit";
// On a line that was edited before it was shown the first time.
const EDITED = "twisted-chat/edited";
// Lines of so long ago (ms) are no news.
const OLD = 60_000;

// When the server says that was, or now (ms since 1970).
export function timeOf(chat, message) {
  return Date.parse(message.tags.get("time") ?? "") || chat.world.now();
}

function replyTo(message) {
  return message.tags.get("+draft/reply") || message.tags.get("+reply") || "";
}

function wording(message) {
  const text = message.params.at(-1);
  return clean(text.startsWith(ACTION) ? text.slice(ACTION.length).replace(/\x01$/, "") : text);
}

// Where a message belongs: in a room, or in private with who is at the other end; null: the server says it.
function conversationOf(chat, message) {
  const target = (message.params[0] ?? "").replace(/^[~&@%+]+(?=#)/, "");
  if (chat.isRoom(target)) return chat.find(target) ?? null;
  if (!message.source.includes("!")) return null;
  const other = chat.isMe(message.nick) ? target : message.nick;
  return message.command === "NOTICE" ? chat.find(other) ?? null : chat.private(other);
}

// The line that a message is; null for what programs say to each other (CTCP).
export function lineOf(chat, message) {
  const text = message.params[1];
  const isAction = text.startsWith(ACTION);
  if (text.startsWith("\x01") && !isAction) return null;
  const { tags, nick } = message;
  const line = new Line({ who: nick, text: wording(message), time: timeOf(chat, message), id: tags.get("msgid") ?? "" });
  if (isAction) line.kind = "action";
  else if (message.command === "NOTICE") line.kind = "notice";
  const mine = chat.isMe(nick);
  Object.assign(line, { mine, nonce: tags.get(NONCE) ?? "", reply: replyTo(message) });
  Object.assign(line, { bot: tags.has("bot"), edited: tags.has(EDITED), mention: !mine && mentions(line.text, chat.me) });
  return line;
}

// A new wording of a line; whether the message was one.
function edit(chat, conversation, message) {
  const id = message.tags.get(EDIT);
  if (!id || !chat.caps.has("draft/message-edit")) return false;
  conversation.afterwards(id, (line) => line.reword(wording(message)));
  chat.changed("lines", conversation);
  return true;
}

// A reaction, or its end.
function react(conversation, message) {
  const reference = replyTo(message);
  const emoji = clean(message.tags.get(REACT) || message.tags.get(UNREACT) || "").replace(/\n/g, "");
  if (!emoji || !reference) return;
  const [who, on] = [message.nick, message.tags.has(REACT)];
  if (message.tags.has("msgid")) conversation.reactions.set(message.tags.get("msgid"), { reference, who, emoji });
  conversation.afterwards(reference, (line) => line.react(who, emoji, on));
}

function redact(conversation, id) {
  const reaction = conversation.reactions.get(id);
  if (reaction) conversation.afterwards(reaction.reference, (line) => line.react(reaction.who, reaction.emoji, false));
  else conversation.afterwards(id, (line) => line.remove());
}

function spoken(chat, message) {
  if (message.params.length < 2) return;
  const conversation = conversationOf(chat, message);
  if (!conversation) {
    chat.tell(message.source.includes("!") ? `${message.nick}: ${wording(message)}` : wording(message));
    return;
  }
  if (edit(chat, conversation, message)) return;
  const line = lineOf(chat, message);
  if (!line) return;
  conversation.types(line.who, "done");
  if (chat.outbox.recognise(line) || conversation.has(line)) return;
  conversation.add(line);
  if (line.time > chat.world.now() - OLD) chat.count(conversation, line);
  chat.changed("lines", conversation, line);
}

function tagged(chat, message) {
  const typing = message.tags.get("+typing") ?? message.tags.get("+draft/typing");
  if (typing && !chat.isRoom(message.params[0]) && !chat.find(message.nick)) return;
  const conversation = conversationOf(chat, message);
  if (!conversation) return;
  react(conversation, message);
  if (typing && !chat.isMe(message.nick)) {
    conversation.types(message.nick, typing, chat.world.now());
    chat.changed("typing", conversation);
  } else {
    chat.changed("lines", conversation);
  }
}

function redacted(chat, message) {
  const conversation = conversationOf(chat, message);
  if (!conversation || !message.params[1]) return;
  redact(conversation, message.params[1]);
  chat.changed("lines", conversation);
}

// Up to when one has read, with whatever client.
function marked(chat, message) {
  const conversation = chat.find(message.params[0] ?? "");
  const time = Date.parse((message.params.at(-1) ?? "").replace("timestamp=", ""));
  if (!conversation || !(time > conversation.readUntil)) return;
  conversation.readUntil = time;
  const unread = conversation.lines.filter((line) => line.spoken && !line.mine && line.time > time).slice(-conversation.unread);
  conversation.unread = conversation.unread ? unread.length : 0;
  conversation.mentions = Math.min(conversation.mentions, unread.filter((line) => line.mention).length);
  chat.changed("conversations", conversation);
}

// What the function makes of each command.
export const SPEECH = new Map(Object.entries({
  PRIVMSG: spoken, NOTICE: spoken, TAGMSG: tagged, REDACT: redacted, MARKREAD: marked,
}));

// A page of the history as lines; what was done to lines is done to them.
export function replayed(chat, conversation, messages) {
  const lines = [];
  for (const message of messages) {
    const { command, params } = message;
    if ((command === "PRIVMSG" || command === "NOTICE") && params.length > 1) {
      const line = edit(chat, conversation, message) ? null : lineOf(chat, message);
      if (line) lines.push(line);
    } else if (command === "TAGMSG") {
      react(conversation, message);
    } else if (command === "REDACT" && params.length > 1) {
      redact(conversation, params[1]);
    } else if (EVENTS.has(command) && conversation.kind !== PRIVATE) {
      const text = EVENTS.get(command)(message);
      const fields = { who: message.nick, text, kind: "event", event: command, id: message.tags.get("msgid") ?? "" };
      if (text) lines.push(new Line({ ...fields, time: timeOf(chat, message) }));
    }
  }
  return lines;
}
