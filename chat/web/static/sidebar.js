// Which conversations there are, and who is in the current one.

import { avatar, colour, element, find, reconcile } from "./element.js";
import { count } from "./text.js";

function badge(conversation) {
  if (!conversation.unread) return null;
  const loud = conversation.mentions || conversation.kind === "private";
  const label = `${count(conversation.unread, "unread message")}${conversation.mentions ? ", you are mentioned" : ""}`;
  const text = `${conversation.mentions ? "@ " : ""}${conversation.unread > 99 ? "99+" : conversation.unread}`;
  return element("span", { class: loud ? "badge loud" : "badge", "aria-label": label, role: "img" }, text);
}

export class Sidebar {
  // `actions`: look (at a conversation), talk (to a name).
  constructor(chat, actions) {
    Object.assign(this, { chat, actions });
  }

  draw() {
    const { chat } = this;
    const [rooms, people] = ["room", "private"].map((kind) => chat.conversations.filter((each) => each.kind === kind));
    this.#list(find("rooms"), rooms);
    this.#list(find("private"), people);
    find("no-private").hidden = people.length > 0;
    const elsewhere = chat.conversations.filter((each) => each !== chat.current && each.unread).length;
    find("open-sidebar").dataset.unread = elsewhere || "";
    find("open-sidebar").setAttribute("aria-label", elsewhere ? `Conversations: ${elsewhere} with something new` : "Conversations");
    find("me").replaceChildren(avatar(chat.me || "?"), element("b", {}, chat.me), chat.account ? "" : element("small", {}, "guest"));
  }

  #list(list, conversations) {
    const items = conversations.map((each) => {
      const current = each === this.chat.current;
      const mark = [each.name, current, each.unread, each.mentions, each.present, each.joined || !this.chat.online].join(" ");
      return { key: each.name, mark, each, current };
    });
    reconcile(list, items, (item) => this.#conversation(item));
  }

  #conversation({ each, current }) {
    const away = each.kind === "private" && each.present === false;
    const gone = each.kind === "room" && !each.joined && this.chat.online;
    const label = each.kind === "room" ? element("span", { class: "hash", "aria-hidden": "true" }, "#") : avatar(each.name);
    const classes = ["conversation", each.unread && "unread", (away || gone) && "gone"].filter(Boolean).join(" ");
    const open = { class: classes, type: "button", "aria-current": current ? "true" : false };
    const name = element("span", { class: "name" }, each.name.replace(/^#/, ""));
    const note = away ? element("small", {}, "not here") : gone && element("small", {}, "left");
    return element("li", {}, element("button", { ...open, on: { click: () => this.actions.look(each) } }, label, name, note, badge(each)));
  }
}

export class People {
  constructor(chat, actions) {
    Object.assign(this, { chat, actions });
  }

  draw() {
    const { current } = this.chat;
    const people = current?.kind === "room" ? current.people : [];
    document.body.classList.toggle("no-people", current?.kind !== "room");
    find("people-title").textContent = people.length ? `${count(people.length, "person", "people")} here` : "People";
    find("open-people").setAttribute("aria-label", `People: ${people.length}`);
    const items = people.map((member) => {
      const { away, bot } = this.chat.person(member.nick);
      return { key: member.nick, mark: [member.prefixes, away, bot, this.chat.isMe(member.nick)].join(" "), member, away, bot };
    });
    reconcile(find("names"), items, (item) => this.#person(item));
  }

  #person({ member, away, bot }) {
    const me = this.chat.isMe(member.nick);
    const operator = /[~&@%]/.test(member.prefixes);
    const notes = [me && "you", operator && "operator", bot && "bot", away !== null && (away ? `away: ${away}` : "away")];
    const note = notes.filter(Boolean).join(", ");
    const shown = { type: "button", class: away === null ? "person" : "person away", title: me ? "" : `Talk to ${member.nick}`, disabled: me };
    const name = element("span", { class: `name ${colour(member.nick)}` }, member.nick);
    return element("li", {}, element("button", { ...shown, on: { click: () => this.actions.talk(member.nick) } },
      avatar(member.nick), name, note && element("small", {}, note)));
  }
}
