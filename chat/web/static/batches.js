// Lines that belong together (IRCv3 batch), put together: a batch comes as one thing when it is whole, and a text of
// several lines as one message (IRCv3 multiline).

const MULTILINE = "draft/multiline";
const CONCAT = "draft/multiline-concat";

// A message with the text of all lines, and the tags of the whole.
function joined(batch) {
  const [first] = batch.items;
  if (!first) return null;
  let text = "";
  batch.items.forEach((line, index) => {
    text += (index && !line.tags.has(CONCAT) ? "\n" : "") + (line.params[1] ?? "");
  });
  const tags = new Map(batch.tags);
  if (!tags.has("time") && first.tags.has("time")) tags.set("time", first.tags.get("time"));
  return { ...first, tags, params: [first.params[0], text] };
}

export class Batches {
  #open = new Map();

  // `deliver` is given each message that is whole, and each batch as {kind, params, tags, items}.
  constructor(deliver) {
    this.deliver = deliver;
  }

  take(message) {
    const [reference = "", kind = "", ...params] = message.params;
    if (message.command !== "BATCH") {
      this.#pass(message);
    } else if (reference.startsWith("+")) {
      this.#open.set(reference.slice(1), { kind, params, tags: message.tags, items: [] });
    } else {
      const batch = this.#open.get(reference.slice(1));
      this.#open.delete(reference.slice(1));
      const whole = batch && (batch.kind === MULTILINE ? joined(batch) : batch);
      if (whole) this.#pass(whole);
    }
  }

  #pass(item) {
    const outer = this.#open.get(item.tags.get("batch"));
    if (outer) outer.items.push(item);
    else this.deliver(item);
  }
}
