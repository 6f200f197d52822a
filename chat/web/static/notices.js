// How somebody who looks elsewhere hears of a mention or a private message: the title, and if they want it more.

const SOUND = [880, 1320];

export class Notices {
  #name = "Chat";
  #audio = null;

  constructor(chat, memory, look) {
    Object.assign(this, { chat, memory, look });
  }

  named(name) {
    this.#name = name;
    this.draw();
  }

  draw() {
    const { current, unread } = this.chat;
    document.title = `${unread ? `(${unread}) ` : ""}${current ? `${current.name} · ` : ""}${this.#name}`;
    if (unread) navigator.setAppBadge?.(unread).catch(() => {});
    else navigator.clearAppBadge?.().catch(() => {});
  }

  // Have the browser ask whether it may show notices; a sentence says what came of it.
  async allow(on) {
    if (!on) {
      this.memory.set("notify", false);
      return "You are not told of anything but by the title of the page.";
    }
    if (!("Notification" in window)) return "This browser shows no notices.";
    const allowed = (await Notification.requestPermission()) === "granted";
    this.memory.set("notify", allowed);
    return allowed ? "You are told of mentions and private messages." : "The browser does not allow notices for this page.";
  }

  // Somebody has said something to the person who sits here.
  tell(conversation, line) {
    if (this.memory.get("sound")) this.#ring();
    if (!this.memory.get("notify") || Notification.permission !== "granted") return;
    const title = conversation.kind === "private" ? line.who : `${line.who} in ${conversation.name}`;
    const notice = { body: line.text.slice(0, 200), tag: conversation.name, icon: "icon-192.png" };
    try {
      const shown = new Notification(title, notice);
      shown.onclick = () => {
        window.focus();
        this.look(conversation);
        shown.close();
      };
    } catch {
      navigator.serviceWorker?.ready.then((worker) => worker.showNotification(title, notice));
    }
  }

  #ring() {
    this.#audio ??= new AudioContext();
    const { currentTime, destination } = this.#audio;
    SOUND.forEach((frequency, index) => {
      const [tone, volume] = [this.#audio.createOscillator(), this.#audio.createGain()];
      const start = currentTime + index * 0.12;
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.08, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.25);
      tone.connect(volume).connect(destination);
      tone.start(start);
      tone.stop(start + 0.26);
    });
  }
}
