// Why something was refused, in words for people.

const WORDS = new Map(Object.entries({
  401: ([, name]) => `${name} is not here.`,
  403: ([, room]) => `There is no room ${room}.`,
  404: ([, room]) => `You may not speak in ${room}.`,
  406: ([, name]) => `Nobody called ${name} was here lately.`,
  417: () => "That line is too long.",
  421: ([, command]) => `The server knows no command ${command}.`,
  433: ([, name]) => `${name} is in use, or somebody’s account.`,
  441: ([, name, room]) => `${name} is not in ${room}.`,
  442: ([, room]) => `You are not in ${room}.`,
  443: ([, name, room]) => `${name} is in ${room} already.`,
  461: ([, command]) => `${command} needs more than that.`,
  471: ([, room]) => `${room} is full.`,
  473: ([, room]) => `${room} is for those who are invited.`,
  474: ([, room]) => `You are banned from ${room}.`,
  475: ([, room]) => `${room} has a key: /join ${room} KEY`,
  477: ([, room]) => `${room} is for people with an account.`,
  481: () => "Only operators of the server may do that.",
  482: ([, room]) => `Only operators of ${room} may do that.`,
}));

export function isRefusal({ command }) {
  return command === "FAIL" || /^[45]\d\d$/.test(command);
}

// The sentence for a refusal.
export function sentence({ command, params }) {
  return WORDS.get(command)?.(params) ?? params.at(-1) ?? "That was refused.";
}
