// The page: it brings the chat and what is seen of it together.

import { Chat, CONNECTING, MOST_LINES, ONLINE, REFUSED, WAITING } from "./chat.js";
import { COMMANDS } from "./commands.js";
import { Composer } from "./composer.js";
import { ask, explain } from "./dialog.js";
import { find, icon, show } from "./element.js";
import { Log } from "./log.js";
import { Memory } from "./memory.js";
import { Notices } from "./notices.js";
import { Picker } from "./picker.js";
import { People, Sidebar } from "./sidebar.js";
import { SignIn } from "./signin.js";
import { listed } from "./text.js";
import { Uploads } from "./upload.js";

const base = new URL(".", document.baseURI);
const socket = new URL(base);
socket.protocol = base.protocol.replace("http", "ws");

const memory = new Memory();
const chat = new Chat(socket.href);
const picker = new Picker();
const signIn = new SignIn(memory, comeIn);
const notices = new Notices(chat, memory, look);
let lobby = "#lobby";

const SAID = "A line that begins with a space, or with two slashes, is said as it is.";
const KEYS = [
  ["Enter", "send; with Shift a new line"],
  ["Tab", "complete a name; :smi an emoji, / a command"],
  ["↑", "in the empty field: change what you said last"],
  ["Shift+Tab, then ↑ ↓", "go through the messages; → to what can be done with one"],
  ["Alt+↑, Alt+↓", "the conversation before, the next one"],
  ["Page ↑, Page ↓", "scroll"],
  ["Esc", "close, or neither answer nor change"],
];

// -- what commands and buttons do with the page

const page = {
  canEdit: () => chat.caps.has("draft/message-edit"),
  notify: async (word) => chat.tell(await notices.allow(word !== "off")),
  sound(word) {
    memory.set("sound", word !== "off");
    chat.tell(word === "off" ? "There is no sound." : "There is a sound for mentions and private messages.");
  },
  theme(word) {
    memory.set("theme", ["light", "dark"].includes(word) ? word : "auto");
    dress();
  },
  register() {
    const fields = [
      { name: "account", label: "Account", value: chat.me, readonly: true, autocomplete: "username" },
      { name: "password", label: "Password", type: "password", autocomplete: "new-password" },
    ];
    ask("Make an account", fields, "Make it", ({ password }) => {
      if (!window.isSecureContext) return "This page came unencrypted: a password is not sent. Come by https:// instead.";
      chat.request("REGISTER", ["*", "*", password], {}, ({ why }) => chat.tell(why || `The account ${chat.me} is yours.`));
      return "";
    });
  },
  upload: () => uploads.choose(),
  help() {
    const typed = [...COMMANDS.values()].map(({ name, usage, help }) => [`/${name} ${usage}`.trim(), help]);
    explain("Help", [["What you can type", typed], ["Keys", KEYS]], SAID);
  },
  exit() {
    memory.here = false;
    chat.stop();
    location.reload();
  },
};

function talk(name) {
  if (chat.isMe(name)) return;
  look(chat.private(name));
}

function look(conversation) {
  drawers("");
  if (conversation !== chat.current) chat.look(conversation);
  if (matchMedia("(pointer: fine)").matches) composer.focus();
}

const log = new Log(chat, {
  talk,
  attend,
  reply: (line) => composer.reply(line),
  edit: (line) => composer.edit(line),
  react: (line, emoji) => chat.react(chat.current, line, emoji),
  choose: (line) => picker.open((emoji) => chat.react(chat.current, line, emoji)),
  remove: (line) => chat.remove(chat.current, line),
  again: (line) => chat.outbox.again(chat.current, line),
  discard: (line) => chat.outbox.discard(chat.current, line),
  canEdit: page.canEdit,
  canRemove: (line) => chat.caps.has("draft/message-redaction") && (line.mine || operates()),
});
const composer = new Composer(chat, page, log);
const uploads = new Uploads(chat, new URL("upload", base).href);
const sidebar = new Sidebar(chat, { look, talk });
const people = new People(chat, { talk });

function operates() {
  const me = chat.current?.people.find((member) => chat.isMe(member.nick));
  return /[~&@%]/.test(me?.prefixes ?? "");
}

// -- coming in

function comeIn(who, returning = false) {
  if (!who.nick) return;
  signIn.wait();
  const rooms = memory.get("rooms");
  chat.start(who, rooms.length ? rooms : [lobby], returning);
}

function came() {
  signIn.close();
  find("chat").hidden = false;
  memory.set("nick", chat.me);
  memory.set("account", Boolean(chat.account));
  memory.here = !chat.who.password && !chat.who.server;
}

// The message of the day is shown once, in the first room.
let greeted = false;
function greet() {
  greeted = true;
  if (chat.daily.length) chat.tell(chat.daily.join("\n"), chat.current ?? chat.room(lobby));
}

// -- drawing: once a frame, however much has changed

let pending = false;
function draw() {
  pending = false;
  sidebar.draw();
  people.draw();
  composer.draw();
  log.draw();
  notices.draw();
  uploads.draw();
  drawTitle();
  drawState();
  drawTyping();
  attend();
}

function drawSoon() {
  if (pending) return;
  pending = true;
  if (document.hidden) setTimeout(draw, 0);
  else requestAnimationFrame(draw);
}

function drawTitle() {
  const { current } = chat;
  find("name").textContent = current?.name ?? "";
  const about = current?.kind === "private" ? "Between you two." : current?.topic;
  find("topic").textContent = about ?? "";
  find("topic").title = about ?? "";
}

function drawState() {
  const { kind, sentence } = chat.state;
  const waits = Math.max(0, Math.ceil((chat.link.until - Date.now()) / 1000));
  const again = waits ? ` Trying again in ${waits} s.` : " Trying again.";
  const waiting = chat.outbox.size ? " What you say now is sent then." : "";
  const texts = { [WAITING]: sentence + again + waiting, [CONNECTING]: `Connecting…${waiting}` };
  show(find("status"), texts[kind] ?? "");
  find("try-now").hidden = kind !== WAITING;
}

function drawTyping() {
  const names = [...(chat.current?.typing.keys() ?? [])];
  const text = names.length ? `${listed(names)} ${names.length === 1 ? "is" : "are"} typing…` : "";
  if (find("typing").textContent !== text) find("typing").textContent = text;
}

// Whether somebody is looking at the end of the current conversation: then they have read it.
function attend() {
  chat.attentive = document.hasFocus() && !document.hidden && log.atEnd;
  if (chat.attentive && chat.current && chat.online) chat.read(chat.current);
}

chat.observe((what, conversation, line) => {
  if (what === "state") {
    if (chat.state.kind === ONLINE) came();
    if (chat.state.kind === REFUSED) signIn.open(chat.state.sentence, chat.state.needs);
    if (chat.state.kind === REFUSED) find("chat").hidden = true;
  }
  if (what === "daily" && !greeted) greet();
  if (what === "notification") notices.tell(conversation, line);
  if (what === "conversations") memory.set("rooms", chat.wanted);
  drawSoon();
});

setInterval(() => {
  let over = false;
  for (const conversation of chat.conversations) {
    over = conversation.stopTyping(Date.now()) || over;
    if (conversation !== chat.current) conversation.trim(MOST_LINES);
  }
  if (over) drawSoon();
  if (chat.state.kind === WAITING) drawState();
  attend();
}, 1000);

// -- the frame: drawers on narrow screens, settings, keys

function drawers(open) {
  for (const name of ["sidebar", "people"]) document.body.classList.toggle(`show-${name}`, open === name);
}

function dress() {
  document.documentElement.dataset.theme = memory.get("theme");
}

function settings() {
  const themes = [["auto", "as the system"], ["light", "light"], ["dark", "dark"]];
  const fields = [
    { name: "nick", label: "Nickname", value: chat.me },
    { name: "theme", label: "Looks", choices: themes, value: memory.get("theme") },
    { name: "notify", label: "Notices of mentions and private messages", type: "checkbox", value: memory.get("notify") },
    { name: "sound", label: "A sound with them", type: "checkbox", value: memory.get("sound") },
  ];
  ask("Settings", fields, "Save", (chosen) => {
    if (chosen.nick && chosen.nick !== chat.me) chat.do("NICK", [chosen.nick]);
    page.theme(chosen.theme);
    memory.set("sound", chosen.sound);
    if (chosen.notify !== memory.get("notify")) page.notify(chosen.notify ? "on" : "off");
    return "";
  });
}

function addRoom() {
  ask("Join or make a room", [{ name: "room", label: "Name of the room" }], "Join", ({ room }) => {
    if (!/^#?[^\s,#]+$/.test(room)) return "A name has no blanks and no commas.";
    const name = room.startsWith("#") ? room : `#${room}`;
    chat.request("JOIN", [name], {}, ({ why }) => (why ? chat.tell(why) : look(chat.find(name))));
    return "";
  });
}

function step(by) {
  const all = [...chat.rooms, ...chat.conversations.filter((each) => each.kind === "private")];
  const at = all.indexOf(chat.current);
  if (all.length) look(all[(at + by + all.length) % all.length]);
}

function wire() {
  const icons = {
    "close-sidebar": "close", "close-people": "close", settings: "gear", "open-sidebar": "menu", "open-people": "people",
    attach: "clip", pick: "smile", send: "send",
  };
  for (const [id, name] of Object.entries(icons)) find(id).append(icon(name));
  find("open-sidebar").addEventListener("click", () => drawers("sidebar"));
  find("open-people").addEventListener("click", () => drawers(document.body.classList.contains("show-people") ? "" : "people"));
  for (const id of ["close-sidebar", "close-people", "shade"]) find(id).addEventListener("click", () => drawers(""));
  find("settings").addEventListener("click", settings);
  find("add-room").addEventListener("click", addRoom);
  find("try-now").addEventListener("click", () => chat.link.check());
  find("pick").addEventListener("click", () => picker.open((emoji) => composer.insert(emoji)));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) chat.link.check();
    attend();
  });
  for (const name of ["focus", "blur"]) window.addEventListener(name, attend);
  window.addEventListener("online", () => chat.link.check());
  window.addEventListener("beforeunload", (event) => chat.outbox.size && event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") drawers("");
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      step(event.key === "ArrowUp" ? -1 : 1);
    }
  });
}

// The files of the page are kept for when there is no network.  Only this one script may become a worker.
function keep() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const worker = { createScriptURL: () => new URL("worker.js", base).href };
  const policy = window.trustedTypes?.createPolicy("worker", worker) ?? worker;
  navigator.serviceWorker.register(policy.createScriptURL("")).catch(() => {});
}

// What the server says of itself.  A connection that the browser had opened for later may have been taken for a person’s,
// who says nothing: then another one is tried.
async function aboutServer(tries = 4) {
  try {
    return await (await fetch(new URL("about.json", base))).json();
  } catch (error) {
    if (tries <= 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return aboutServer(tries - 1);
  }
}

async function start() {
  dress();
  wire();
  signIn.open("", memory.get("account") ? "password" : "nick");
  try {
    const about = await aboutServer();
    lobby = about.lobby;
    notices.named(about.name);
    find("server").textContent = about.name;
    signIn.greet(about);
    if (memory.here && memory.get("nick") && !about.missing) comeIn({ nick: memory.get("nick"), password: "", server: "" }, true);
  } catch {
    signIn.open("The server cannot be reached at the moment.");
  }
  keep();
}

start();
