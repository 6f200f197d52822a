// The lines of a conversation as rows: days, a mark where one had stopped reading, what people said, what happened.

import { listed } from "./text.js";

// Lines of one person within so many ms stand under one name.
const TOGETHER = 5 * 60_000;
// What a coming or going does to who is here.
const MOVES = new Map([["JOIN", "came"], ["PART", "left"], ["QUIT", "left"]]);

const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export const clock = (time) => CLOCK.format(time);
export const full = (time) => FULL.format(time);

function day(time, now) {
  const days = Math.round((new Date(now).setHours(12, 0, 0, 0) - new Date(time).setHours(12, 0, 0, 0)) / 86_400_000);
  return ["Today", "Yesterday"][days] ?? DAY.format(time);
}

// Comings and goings in a row, in one sentence: "ann and bob came, carol left"; who came and left is not told of.
function summary(events) {
  const moves = new Map();
  const parts = [];
  for (const line of events) {
    const move = MOVES.get(line.event);
    if (!move) {
      parts.push(`${line.who} ${line.text}`);
    } else if (moves.has(line.who) && moves.get(line.who) !== move) {
      moves.set(line.who, `${moves.get(line.who)} and ${move === "came" ? "came back" : move}`);
    } else {
      moves.set(line.who, move);
    }
  }
  const bySort = new Map();
  for (const [who, move] of moves) bySort.set(move, [...(bySort.get(move) ?? []), who]);
  const told = [...bySort].map(([move, names]) => `${listed(names, 6)} ${move}`);
  return [...told, ...parts].join(", ");
}

function eventsRow(events) {
  const text = summary(events);
  return { kind: "events", key: `e${events[0].key}`, mark: text, text, time: events.at(-1).time };
}

function lineRow(chat, conversation, line, before) {
  const goesOn = Boolean(before) && before.who === line.who && before.kind === "message" && line.kind === "message"
    && line.time - before.time < TOGETHER && !line.reply;
  const quoted = line.reply ? conversation.find(line.reply) ?? null : null;
  const mark = [line.version, line.state, line.id ? 1 : 0, goesOn ? 1 : 0, quoted ? `${quoted.key}.${quoted.version}` : "", chat.me];
  return { kind: line.spoken ? "line" : "info", key: line.key, mark: mark.join(" "), line, goesOn, quoted };
}

// The rows of a conversation: each with a key, and a mark that changes when it looks different.
export function rowsOf(chat, conversation, now) {
  const rows = [];
  let today = "";
  let before = null;
  let events = [];
  const flush = () => {
    if (events.length) rows.push(eventsRow(events));
    events = [];
  };
  if (!conversation.lines.length || conversation.complete) {
    const what = conversation.kind === "room" ? conversation.name : `what you and ${conversation.name} say to each other`;
    rows.push({ kind: "start", key: "start", mark: what, text: `This is the beginning of ${what}.` });
  } else {
    rows.push({ kind: "more", key: "more", mark: "" });
  }
  for (const line of conversation.lines) {
    const named = day(line.time, now);
    if (named !== today) {
      flush();
      rows.push({ kind: "day", key: `d${named}`, mark: named, text: named });
      [today, before] = [named, null];
    }
    if (line === conversation.divider) {
      flush();
      rows.push({ kind: "divider", key: "divider", mark: "", text: "New" });
      before = null;
    }
    if (line.kind === "event") {
      events.push(line);
      before = null;
    } else {
      flush();
      rows.push(lineRow(chat, conversation, line, before));
      before = line;
    }
  }
  flush();
  return rows;
}
