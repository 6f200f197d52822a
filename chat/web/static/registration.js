// Coming in: capabilities, a password if there is one, a nickname (IRCv3 capability negotiation, SASL PLAIN).

// What is asked for of that which the server offers.
const WANTED = new Set([
  "account-notify", "account-tag", "away-notify", "batch", "cap-notify", "chghost", "draft/account-registration",
  "draft/channel-rename", "draft/chathistory", "draft/event-playback", "draft/message-edit", "draft/message-redaction",
  "draft/multiline", "draft/read-marker", "echo-message", "extended-join", "invite-notify", "labeled-response",
  "message-tags", "multi-prefix", "sasl", "server-time", "setname", "standard-replies", "twisted-chat/nonce",
  "userhost-in-names",
]);

// Why somebody is not let in: what the form has to ask for again, and a sentence.
const REFUSALS = new Map([
  ["432", ["nick", "That cannot be a nickname here. Letters, digits, _ and - can, with a letter first."]],
  ["433", ["nick", "That nickname is in use, or somebody’s account. If it is yours, give its password."]],
  ["437", ["nick", "That nickname cannot be had at the moment."]],
  ["464", ["server", "That is not the password of this server."]],
  ["465", ["nick", "You are banned from this server."]],
  ["904", ["password", "That is not the password of this account."]],
  ["905", ["password", "That password is too long."]],
]);
const NO_PASSWORD = "This link is not encrypted, so your password was not sent. Come by https:// instead.";

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

export class Registration {
  caps = new Map();
  #offered = new Map();

  // `who`: {nick, password, server}.  `end` is called once, with nothing or with [what to ask for, why].
  constructor(who, send, end) {
    Object.assign(this, { who, send, end });
    send("CAP", ["LS", "302"]);
    if (who.server) send("PASS", [who.server]);
    send("NICK", [who.nick]);
    send("USER", [who.nick, "0", "*", who.nick]);
  }

  hear({ command, params }) {
    if (command === "CAP") this.#cap(params);
    else if (command === "AUTHENTICATE") this.#authenticate();
    else if (command === "903") this.send("CAP", ["END"]);
    else if (command === "001") this.end(null, params[0]);
    else if (command === "FAIL" || command === "ERROR") this.end(["nick", params.at(-1)]);
    else if (REFUSALS.has(command)) this.#refused(REFUSALS.get(command), command, params);
  }

  #refused([what, sentence], command, params) {
    this.end([what, command === "432" || command === "465" ? params.at(-1) || sentence : sentence]);
  }

  #cap([, verb, ...rest]) {
    if (verb === "LS") this.#listed(rest);
    else if (verb === "ACK") this.#granted((rest.at(-1) ?? "").split(" "));
    else if (verb === "NAK") this.send("CAP", ["END"]);
  }

  #listed(rest) {
    for (const word of rest.at(-1).split(" ").filter(Boolean)) {
      const [name] = word.split("=", 1);
      this.#offered.set(name, word.slice(name.length + 1));
    }
    if (rest[0] === "*" && rest.length > 1) return;
    if (this.who.password && !this.#offered.has("sasl")) this.end(["password", NO_PASSWORD]);
    else this.send("CAP", ["REQ", [...this.#offered.keys()].filter((name) => WANTED.has(name)).join(" ")]);
  }

  #granted(names) {
    for (const name of names.filter(Boolean)) this.caps.set(name, this.#offered.get(name) ?? "");
    if (this.who.password) this.send("AUTHENTICATE", ["PLAIN"]);
    else this.send("CAP", ["END"]);
  }

  #authenticate() {
    const answer = base64(`\0${this.who.nick}\0${this.who.password}`);
    for (let at = 0; at <= answer.length; at += 400) this.send("AUTHENTICATE", [answer.slice(at, at + 400) || "+"]);
  }
}
