// The link to the server: a WebSocket that speaks IRC, and is opened again by itself when it is lost.
//
// A server that is silent is asked whether it is there, and given up if it does not say so: a laptop that slept, or a
// network that changed, leaves a socket that looks open and leads nowhere.

import { format, parse } from "./message.js";

const SUBPROTOCOL = "text.ircv3.net";
// Seconds between two tries: as many times as it failed, each with a part of chance, so that not all come at once.
const PAUSES = [1, 2, 4, 8, 15, 30];
// Seconds of silence after which the server is asked, seconds that it has to answer, and that a socket has to open.
const SILENCE = 30;
const PATIENCE = 15;

export const OFFLINE = "offline";
export const CONNECTING = "connecting";
export const OPEN = "open";
export const WAITING = "waiting";

// What a link needs of the world: tests have one of their own.
export const WORLD = {
  open: (url) => new WebSocket(url, SUBPROTOCOL),
  now: () => Date.now(),
  later: (seconds, what) => setTimeout(what, seconds * 1000),
  never: (timer) => clearTimeout(timer),
  random: () => Math.random(),
};

export class Link {
  state = OFFLINE;
  until = 0;
  #socket = null;
  #timer = null;
  #failures = 0;

  // `owner` has opened(), heard(message), and lost(), which comes whenever the state has changed otherwise.
  constructor(url, owner, world = WORLD) {
    this.url = url;
    this.owner = owner;
    this.world = world;
  }

  // Open it now, whatever it waits for.
  start() {
    if (this.state === CONNECTING || this.state === OPEN) return;
    this.world.never(this.#timer);
    this.state = CONNECTING;
    const socket = this.world.open(this.url);
    this.#socket = socket;
    this.#timer = this.world.later(PATIENCE, () => this.#closed(socket));
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event) => this.#received(socket, event.data);
    socket.onclose = () => this.#closed(socket);
    this.owner.lost();
  }

  // Close it, and leave it closed.
  stop() {
    this.world.never(this.#timer);
    this.#drop();
    this.state = OFFLINE;
    this.owner.lost();
  }

  // Send a command; false if there is no link.
  send(command, params = [], tags = {}) {
    if (this.state !== OPEN) return false;
    this.#socket.send(format(command, params, tags));
    return true;
  }

  // All is well: the next time it is lost, it is opened again at once.
  settled() {
    this.#failures = 0;
  }

  // It is of no use as it is: try again in a while.
  fail() {
    this.#closed(this.#socket);
  }

  // The network may have changed: see whether the server is there.
  check() {
    if (this.state === WAITING) this.start();
    else if (this.state === OPEN) this.#ask();
  }

  #opened(socket) {
    if (socket !== this.#socket) return;
    this.state = OPEN;
    this.#listen();
    this.owner.opened();
  }

  #received(socket, data) {
    if (socket !== this.#socket) return;
    this.#listen();
    const message = parse(data);
    if (message?.command === "PING") this.send("PONG", message.params);
    else if (message) this.owner.heard(message);
  }

  #listen() {
    this.world.never(this.#timer);
    this.#timer = this.world.later(SILENCE, () => this.#ask());
  }

  #ask() {
    const socket = this.#socket;
    this.world.never(this.#timer);
    this.send("PING", ["here"]);
    this.#timer = this.world.later(PATIENCE, () => this.#closed(socket));
  }

  #closed(socket) {
    if (socket !== this.#socket) return;
    this.world.never(this.#timer);
    this.#drop();
    const pause = PAUSES[Math.min(this.#failures, PAUSES.length - 1)] * (0.5 + this.world.random() / 2);
    this.#failures += 1;
    this.state = WAITING;
    this.until = this.world.now() + pause * 1000;
    this.#timer = this.world.later(pause, () => this.start());
    this.owner.lost();
  }

  // Whatever still comes from the old socket is not heard.
  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}
