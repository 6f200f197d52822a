// Two people talk while the link of one is cut again and again, anywhere, in the middle of lines: with a real daemon.
//
//     node cut.mjs PORT SEED
//
// At the end it prints what each of them has seen, as JSON.

import { connect } from "node:net";

import { Chat } from "../../chat/web/static/chat.js";

const [port, seed] = process.argv.slice(2).map(Number);
// Seconds of the page take so much less here.
const FASTER = 10;
const LINES = 40;
const PATIENCE = 60_000;

let state = seed;
function random() {
  state = (state * 1103515245 + 12345) % 2 ** 31;
  return state / 2 ** 31;
}

// A socket as the page has it, over TCP; `allowance()` is how many bytes may pass before it is cut, either way.
class Wire {
  #rest = "";

  constructor(allowance) {
    this.left = allowance;
    this.tcp = connect(port, "127.0.0.1");
    this.tcp.setEncoding("utf8");
    this.tcp.on("connect", () => this.onopen());
    this.tcp.on("data", (data) => this.#hear(data));
    this.tcp.on("error", () => {});
    this.tcp.on("close", () => this.onclose());
  }

  send(line) {
    const whole = `${line}\r\n`;
    this.tcp.write(whole.slice(0, Math.max(0, this.left)));
    this.#spend(whole.length);
  }

  close() {
    this.tcp.destroy();
  }

  #hear(data) {
    const heard = data.slice(0, Math.max(0, this.left));
    this.#rest += heard;
    const lines = this.#rest.split("\r\n");
    this.#rest = lines.pop();
    for (const line of lines) if (!this.tcp.destroyed) this.onmessage({ data: line });
    this.#spend(data.length);
  }

  #spend(bytes) {
    this.left -= bytes;
    if (this.left <= 0 && !this.tcp.destroyed) this.tcp.end(() => this.tcp.destroy());
  }
}

function world(allowance) {
  return {
    open: () => new Wire(allowance()),
    now: () => Date.now(),
    later: (seconds, what) => setTimeout(what, (seconds * 1000) / FASTER),
    never: (timer) => clearTimeout(timer),
    random: Math.random,
  };
}

const until = async (holds, what) => {
  const deadline = Date.now() + PATIENCE;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`${what}: never`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

let cutting = true;
let cuts = -1;
const alice = new Chat("", world(() => {
  cuts += 1;
  return cutting ? 2000 + Math.floor(random() * 12_000) : Infinity;
}));
const bob = new Chat("", world(() => Infinity));
bob.start({ nick: "bob", password: "", server: "" }, ["#tea"]);
await until(() => bob.find("#tea")?.joined, "bob");
alice.start({ nick: "alice", password: "", server: "" }, ["#tea"]);
await until(() => alice.find("#tea"), "alice");

for (let number = 0; number < LINES; number += 1) {
  bob.say(bob.find("#tea"), `bob ${number}`);
  const text = number % 5 ? `alice ${number}` : `alice ${number}\nin two lines ${"x".repeat(number * 10)}`;
  alice.say(alice.find("#tea"), text);
  await new Promise((resolve) => setTimeout(resolve, random() * 60));
}
cutting = false;
alice.link.fail();
await until(() => alice.online && !alice.outbox.size && !bob.outbox.size && !alice.find("#tea").catchingUp, "calm");
const spoken = (chat) => chat.find("#tea").lines.filter((line) => line.spoken);
await until(() => spoken(bob).length >= 2 * LINES && !alice.past.older(alice.find("#tea")), "everything");

const seen = (chat) => spoken(chat).map((line) => ({ id: line.id, who: line.who, text: line.text, state: line.state }));
process.stdout.write(JSON.stringify({ cuts, alice: seen(alice), bob: seen(bob) }), () => process.exit(0));
