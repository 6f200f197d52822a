// Files that are sent: chosen, dropped or pasted, one after the other, with how far they have come (IRC's FILEHOST).

import { button, element, find } from "./element.js";

const WRONG = "The file did not get through. Is the server still there?";

export class Uploads {
  #list = find("uploads");
  #chooser = find("file");
  #waiting = [];
  #busy = false;

  // `url` is where files are sent, on the page's own server.
  constructor(chat, url) {
    Object.assign(this, { chat, url });
    find("attach").addEventListener("click", () => this.choose());
    this.#chooser.addEventListener("change", () => {
      this.send(this.#chooser.files);
      this.#chooser.value = "";
    });
    this.#drops(find("conversation"));
    find("text").addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length || !this.possible) return;
      event.preventDefault();
      this.send(event.clipboardData.files);
    });
  }

  // Whether the server takes files.
  get possible() {
    return this.chat.support.has("draft/FILEHOST");
  }

  draw() {
    find("attach").hidden = !this.possible;
  }

  choose() {
    if (this.possible) this.#chooser.click();
    else this.chat.tell("This server takes no files.");
  }

  // Send files to where one is.
  send(files) {
    const where = this.chat.current;
    if (!where) return;
    if (!this.possible) {
      this.chat.tell("This server takes no files.");
      return;
    }
    for (const file of files) this.#waiting.push(this.#shown(file, where));
    this.#next();
  }

  #drops(target) {
    const carries = (event) => this.possible && event.dataTransfer.types.includes("Files");
    const over = (on) => target.classList.toggle("drop", on);
    target.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      over(true);
    });
    target.addEventListener("dragleave", (event) => target.contains(event.relatedTarget) || over(false));
    target.addEventListener("drop", (event) => {
      over(false);
      if (!carries(event)) return;
      event.preventDefault();
      this.send(event.dataTransfer.files);
    });
  }

  #shown(file, where) {
    const upload = { file, where, request: null, over: false };
    upload.bar = element("progress", { max: "100", value: "0", "aria-label": `Sending ${file.name}` });
    upload.words = element("span", {}, file.name);
    const cancel = button("close", `Do not send ${file.name}`, () => this.#end(upload));
    upload.row = element("li", {}, upload.words, upload.bar, cancel);
    this.#list.append(upload.row);
    return upload;
  }

  #next() {
    if (this.#busy) return;
    const upload = this.#waiting.shift();
    if (!upload) return;
    if (upload.over) {
      this.#next();
      return;
    }
    this.#busy = true;
    this.chat.request("FILEHOST", ["TOKEN", upload.where.name], {}, ({ why, items }) => {
      const token = items.find(({ command }) => command === "FILEHOST")?.params[1];
      if (upload.over) this.#end(upload);
      else if (token) this.#carry(upload, token);
      else this.#failed(upload, why || WRONG);
    });
  }

  #carry(upload, token) {
    const request = new XMLHttpRequest();
    upload.request = request;
    request.open("POST", this.url);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    const name = encodeURIComponent(upload.file.name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
    request.setRequestHeader("Content-Disposition", `attachment; filename*=UTF-8''${name}`);
    request.upload.onprogress = ({ loaded, total }) => {
      upload.bar.value = total ? (100 * loaded) / total : 0;
    };
    request.onload = () => (request.status === 201 ? this.#end(upload) : this.#failed(upload, request.responseText.trim()));
    request.onerror = () => this.#failed(upload, WRONG);
    request.send(upload.file);
  }

  #failed(upload, why) {
    this.chat.tell(`${upload.file.name} was not sent. ${why}`, upload.where);
    this.#end(upload);
  }

  // It is there, or will never be.
  #end(upload) {
    const began = upload.request || upload.over;
    upload.over = true;
    upload.row.remove();
    if (upload.request && upload.request.readyState < XMLHttpRequest.DONE) upload.request.abort();
    if (!began && this.#waiting.includes(upload)) return;
    this.#busy = false;
    this.#next();
  }
}
