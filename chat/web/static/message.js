// The grammar of an IRC line: RFC 1459 section 2.3.1, and IRCv3 message-tags.
//
//     @tag=value;other :nick!user@host PRIVMSG #tea :hello there

const ESCAPES = new Map([[";", "\\:"], [" ", "\\s"], ["\\", "\\\\"], ["\r", "\\r"], ["\n", "\\n"]]);
const UNESCAPES = new Map([...ESCAPES].map(([letter, escaped]) => [escaped[1], letter]));
const encoder = new TextEncoder();

// Bytes of text in one line, so that it fits behind most sources and targets (IRCv3 multiline).
const PIECE = 350;

function tagsOf(raw) {
  const tags = new Map();
  for (const tag of raw.split(";")) {
    const [key] = tag.split("=", 1);
    const value = tag.slice(key.length + 1);
    if (key) tags.set(key, value.replace(/\\(.?)/gs, (_, letter) => UNESCAPES.get(letter) ?? letter));
  }
  return tags;
}

// A line without its end as {tags, source, nick, command, params}; null if there is no command in it.
export function parse(line) {
  let tags = new Map();
  let source = "";
  let rest = line;
  if (rest.startsWith("@")) {
    const [raw] = rest.split(" ", 1);
    tags = tagsOf(raw.slice(1));
    rest = rest.slice(raw.length).trimStart();
  }
  if (rest.startsWith(":")) {
    [source] = rest.split(" ", 1);
    rest = rest.slice(source.length).trimStart();
    source = source.slice(1);
  }
  const at = rest.indexOf(" :");
  const words = (at < 0 ? rest : rest.slice(0, at)).split(" ").filter(Boolean);
  if (!words.length) return null;
  if (at >= 0) words.push(rest.slice(at + 2));
  const [command, ...params] = words;
  return { tags, source, nick: source.split("!", 1)[0], command: command.toUpperCase(), params };
}

// The line for a command with its parameters, and with tags as an object; what would end the line is a blank in it.
export function format(command, params = [], tags = {}) {
  const shown = Object.entries(tags).map(([key, value]) => {
    const escaped = String(value).replace(/[; \\\r\n]/g, (letter) => ESCAPES.get(letter));
    return escaped ? `${key}=${escaped}` : key;
  });
  const words = params.map((param) => String(param).replace(/[\0\r\n]/g, " "));
  const last = words.pop();
  if (last !== undefined) words.push(!last || last.startsWith(":") || last.includes(" ") ? `:${last}` : last);
  return [...(shown.length ? [`@${shown.join(";")}`] : []), command, ...words].join(" ");
}

// How many bytes a text takes.
export function size(text) {
  return encoder.encode(text).length;
}

// A line cut into pieces of at most so many bytes, behind a blank if one is near; no character is cut.
export function pieces(line, most = PIECE) {
  const found = [];
  let piece = "";
  let bytes = 0;
  for (const letter of line) {
    const more = size(letter);
    if (bytes + more > most) {
      const blank = piece.lastIndexOf(" ") + 1;
      const cut = blank > piece.length / 2 ? blank : piece.length;
      found.push(piece.slice(0, cut));
      piece = piece.slice(cut);
      bytes = size(piece);
    }
    piece += letter;
    bytes += more;
  }
  return [...found, piece];
}
