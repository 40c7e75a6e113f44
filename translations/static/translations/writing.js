/* One row of the desk: its editor, what is typed into it, what is saved, and what is kept when it cannot be saved. */
import { createEditor } from "django-prose-editor/configurable";

export const settings = JSON.parse(document.getElementById("desk-settings").textContent);

const SAVE_AFTER = 1500;
const CHECK_AFTER = 400;
const RETRY_AFTER = 5000;
const PATIENCE = 30_000;
const PREFIX = `desk:${settings.user}:${settings.translation}:`;
const PAGE = `${Date.now()}-${Math.random().toString(36).slice(2)}`;

// Talking to the server -----------------------------------------------------------------------------------------------

/** Without an answer: no connection, or a server that is not well. */
export class Unanswered extends Error {
  /** What a server has said that had it in hand and failed; 0 where nobody knows how far it came. */
  constructor(status = 0) {
    super();
    this.status = status >= 400 && status <= 500 ? status : 0;
  }
}

/** Whoever was here is not logged in any more. */
export class SignedOut extends Error {}

const token = () => /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";

/** `{status, told}` of a POST, or of a GET where there is no data. An answer that breaks off is none. */
export async function ask(url, data, patience = PATIENCE) {
  let response;
  let told = null;
  try {
    response = await fetch(url, {
      method: data ? "POST" : "GET",
      body: data,
      // Somebody else may have logged in here meanwhile: nothing is written in their name.
      headers: { Accept: "application/json", "X-CSRFToken": token(), "X-Desk-User": settings.user },
      redirect: "manual",
      keepalive: document.visibilityState === "hidden",  // the page may be about to go
      signal: patience ? AbortSignal.timeout(patience) : null,
    });
    if (response.headers.get("Content-Type")?.startsWith("application/json")) told = await response.json();
  } catch {
    throw new Unanswered();
  }
  if (response.type === "opaqueredirect" || (response.status === 403 && !told)) throw new SignedOut();
  if (!told) throw new Unanswered(response.status);
  return { status: response.status, told };
}

/**
 * What changes something, one at a time, its answer taken over before the next begins: so each answer is newer than all
 * that came before it, however slow the network.
 */
export const turns = {
  begun: 0,
  open: 0,
  last: Promise.resolve(),

  take(act) {
    this.open += 1;
    const mine = this.last.then(() => {
      this.begun += 1;
      return act();
    });
    this.last = mine.catch(() => {}).then(() => { this.open -= 1; });
    return mine;
  },

  /** The answer of what only looks, and whether nothing was changed meanwhile: else it may be older than that. */
  async beside(asking) {
    const before = this.begun;
    const wasOpen = this.open > 0;
    const answer = await asking();
    return { answer, isNews: !wasOpen && !this.open && before === this.begun };
  },
};

export function form(values) {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.append(name, value);
  return data;
}

// What is kept on this computer ---------------------------------------------------------------------------------------

/**
 * Texts that are not saved, by the page that has them. Another page of the same person leaves them alone as long as that
 * page is open, which its lock says.
 */
export const kept = {
  at: (name) => `${PREFIX}${PAGE}:${name}`,

  put(row) {
    const { name, key, of, seen, text, sent } = row;
    try {
      localStorage.setItem(this.at(name), JSON.stringify({ name, key, of, seen, text, sent }));
    } catch {
      // Full or switched off: then the page alone has it.
    }
  },

  drop(at) {
    try {
      localStorage.removeItem(at);
    } catch {
      // Switched off.
    }
  },

  get(at) {
    try {
      return JSON.parse(localStorage.getItem(at));
    } catch {
      return null;
    }
  },

  /** Of all pages: `[at, page]`. */
  places() {
    try {
      const all = Object.keys(localStorage).filter((at) => at.startsWith(PREFIX));
      return all.map((at) => [at, at.slice(PREFIX.length).split(":")[0]]);
    } catch {
      return [];
    }
  },

  /** Hands over what each other page has left, as soon as it is gone. */
  whenLeft(take) {
    const hand = (page) => {
      for (const [at, of] of this.places()) {
        const found = of === page && this.get(at);
        if (found) take({ ...found, at });
      }
    };
    const others = new Set(this.places().map(([, page]) => page).filter((page) => page !== PAGE));
    // There are locks where there is HTTPS.
    for (const page of others) navigator.locks ? navigator.locks.request(`desk:${page}`, () => hand(page)) : hand(page);
  },
};

navigator.locks?.request(`desk:${PAGE}`, () => new Promise(() => {}));

// Places in the text --------------------------------------------------------------------------------------------------

/** The range of the words that have stood there so many times before. */
function rangeOf(root, words, nth) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push([text.length, node]);
    text += node.data;
  }
  let start = -1;
  for (let time = 0; time <= nth; time += 1) {
    const next = text.indexOf(words, start < 0 ? 0 : start + words.length);
    if (next < 0) break;
    start = next;
  }
  if (start < 0) return null;
  const range = new Range();
  for (const [at, node] of nodes) {
    if (start >= at && start < at + node.length) range.setStart(node, start - at);
    const end = start + words.length;
    if (end > at && end <= at + node.length) {
      range.setEnd(node, end - at);
      return range;
    }
  }
  return null;
}

const painted = new Map();

function paint() {
  if (!globalThis.Highlight) return;
  for (const level of ["blocker", "warning"]) {
    const ranges = [...painted.values()].flatMap((found) => found.filter((each) => each.level === level));
    CSS.highlights.set(`desk-${level}`, new Highlight(...ranges.map((each) => each.range)));
  }
}

// A row ---------------------------------------------------------------------------------------------------------------

export class Row {
  static at = new WeakMap();

  constructor(element) {
    Row.at.set(element, this);
    this.element = element;
    this.form = element.querySelector("form.row-form");
    this.field = this.form?.elements.text ?? null;
    this.read = element.querySelector(".read");
    this.said = element.querySelector(".row-said");
    this.findings = element.querySelector(".row-findings");
    this.isRich = this.field?.hasAttribute("data-rich") ?? false;
    this.dirty = false;
    this.conflict = null;
    this.sent = null;  // what went to the server and was not answered: it may be there, or not
    this.helped = "";
    if (this.field) this.#listen();
    this.paint();
  }

  get key() { return this.element.dataset.key; }
  get index() { return Number(this.element.dataset.index); }
  get seen() { return this.element.dataset.seen; }
  get of() { return this.element.dataset.of; }
  get name() { return `${this.key}#${this.of}`; }
  get here() { return `${this.key}#${this.index}`; }
  get step() { return this.element.dataset.step; }
  get isWhole() { return this.element.hasAttribute("data-whole"); }
  get unit() { return this.element.closest(".unit"); }
  get text() { return this.field?.value ?? ""; }
  get hasFocus() { return this.element.contains(document.activeElement); }
  get isBusy() { return this.dirty || this.sending || this.conflict || this.hasFocus; }

  #listen() {
    this.field.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.element.addEventListener("focusout", (event) => {
      if (!this.element.contains(event.relatedTarget)) this.save();
    });
    if (this.isRich) {
      this.read.addEventListener("pointerdown", (event) => { this.pressed = event; });
      this.read.addEventListener("focus", () => this.focus());
    }
    if (this.field.hasAttribute("data-line")) {
      this.field.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.isComposing && !event.ctrlKey) event.preventDefault();
      });
    }
    this.element.querySelector("[data-empty]")?.addEventListener("click", () => {
      this.setText("");
      this.save();
    });
  }

  // Editing

  async mount() {
    if (!this.isRich || this.editor) return;
    this.mounting ??= createEditor(this.field, settings.editor);
    this.editor = await this.mounting;
    const inside = this.editor.view.dom;
    inside.setAttribute("aria-label", this.field.getAttribute("aria-label"));
    inside.setAttribute("role", "textbox");
    inside.setAttribute("aria-multiline", "true");
    this.element.classList.add("is-mounted");
    this.paint();
  }

  async focus() {
    if (!this.field) {
      this.element.focus();
      return;
    }
    if (!this.isRich) {
      this.field.focus();
      return;
    }
    const pressed = this.pressed;
    this.pressed = null;
    await this.mount();
    const view = this.editor.view;
    const place = pressed && view.posAtCoords({ left: pressed.clientX, top: pressed.clientY });
    this.editor.commands.focus(place ? place.pos : "end");
  }

  async insert(text) {
    await this.focus();
    if (this.isRich) {
      this.editor.chain().focus().insertContent({ type: "text", text }).run();
    } else {
      this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
      this.typed();
    }
  }

  async setText(text) {
    this.field.value = text;
    if (this.isRich && !this.editor) this.read.innerHTML = text;
    this.typed();
    if (this.isRich && (this.editor || this.mounting)) {
      await this.mount();
      if (this.text === text) this.editor.commands.setContent(text, { emitUpdate: false });
    }
  }

  async copySource() {
    const holder = this.element.querySelector("template.row-stored");
    await this.focus();
    await this.setText(this.isRich ? holder.innerHTML : holder.content.textContent);
    await this.focus();
  }

  typed() {
    this.dirty = true;
    kept.put(this);
    this.say(gettext("not saved yet"));
    clearTimeout(this.checking);
    this.checking = setTimeout(() => this.check(), CHECK_AFTER);
    clearTimeout(this.saving);
    // What may fall into more rows does not do so under the hands of its writer.
    if (!this.isWhole) this.saving = setTimeout(() => this.save(), SAVE_AFTER);
  }

  // Checking

  async check() {
    const text = this.text;
    try {
      const { status, told } = await ask(settings.urls.check, form({ key: this.key, row: this.index, text }));
      if (status === 200 && text === this.text) {
        this.findings.innerHTML = told.html;
        this.paint();
        this.element.dispatchEvent(new CustomEvent("desk:checked", { bubbles: true }));
      }
    } catch {
      // Saving says that there is no connection.
    }
  }

  paint() {
    const found = [];
    const roots = {
      source: this.element.querySelector(".now"),
      target: this.editor?.view.dom ?? (this.isRich || !this.field ? this.read : null),
    };
    for (const item of this.findings.querySelectorAll(".finding")) {
      const level = item.classList.contains("finding-blocker") ? "blocker" : "warning";
      for (const [side, root] of Object.entries(roots)) {
        const words = item.dataset[side];
        const range = root && words && rangeOf(root, words, Number(item.dataset[`${side}Nth`]));
        if (range) found.push({ level, range });
      }
    }
    painted.set(this, found);
    paint();
  }

  /** Another element stands for the row now. */
  forget() {
    this.isForgotten = true;
    painted.delete(this);
    clearTimeout(this.checking);
    clearTimeout(this.saving);
    clearTimeout(this.retrying);
  }

  // Saving

  say(words, kind = "", link = null) {
    this.said.textContent = words;
    this.said.dataset.kind = kind;
    if (link) this.said.append(" ", link);
  }

  get isToSave() { return this.dirty && !this.conflict && !this.isForgotten && this.field; }

  async save() {
    clearTimeout(this.saving);
    clearTimeout(this.retrying);
    if (!this.isToSave) return;
    if (this.sending) {
      this.again = true;
      return;
    }
    this.sending = true;
    this.say(gettext("saving …"));
    try {
      await turns.take(() => this.isToSave && this.#send());
    } finally {
      this.sending = false;
    }
    if (this.again) {
      this.again = false;
      this.save();
    }
  }

  /** What may have arrived goes once more before what was written since, which else would be late behind its own. */
  async #send() {
    const before = this.sent;
    const text = before ?? this.text;
    this.sent = text;
    kept.put(this);
    const { key, index, seen, of } = this;
    try {
      const { status, told } = await ask(settings.urls.save, form({ key, row: index, seen, of, text }));
      this.sent = null;
      if (status === 200) this.#saved(text, told);
      else if (before !== null && text !== this.text) this.again = true;
      else if (status === 409) this.#late(told);
      else this.say(told.said, "error");
    } catch (error) {
      if (error instanceof SignedOut) this.sent = before;
      else if (error.status) this.sent = null;
      this.#failed(error);
    }
  }

  #saved(text, told) {
    if (this.text === text) {
      this.dirty = false;
      kept.drop(kept.at(this.name));
      this.say(gettext("saved"), "done");
    } else {
      this.again = true;
    }
    this.#tell(told);
  }

  #tell(told) {
    this.element.dispatchEvent(new CustomEvent("desk:told", { bubbles: true, detail: { told, row: this } }));
  }

  #failed(error) {
    if (error instanceof SignedOut) {
      const link = document.createElement("a");
      link.href = settings.login;
      link.target = "_blank";
      link.textContent = gettext("Log in again in a new tab");
      this.say(gettext("not saved: you are not logged in any more; it is kept on this computer."), "error", link);
    } else if (error instanceof Unanswered) {
      this.say(gettext("not saved: no connection; it is kept on this computer"), "error");
    } else {
      throw error;
    }
    this.retrying = setTimeout(() => this.save(), RETRY_AFTER);
  }

  // Another one was sooner

  #late(told) {
    const theirs = told.theirs;
    if (!theirs) {
      this.say(told.said, "error");
      this.#tell(told);
      return;
    }
    const panel = document.getElementById("desk-conflict").content.cloneNode(true).firstElementChild;
    panel.querySelector("[data-said]").textContent = told.said;
    panel.querySelector("[data-theirs]").innerHTML = theirs.html || "–";
    panel.querySelector("[data-mine]").innerHTML = theirs.mine || "–";
    panel.querySelector("[data-diff]").innerHTML = theirs.diff;
    panel.querySelector("[data-take]").addEventListener("click", async () => {
      this.#settled(theirs);
      await this.setText(theirs.text);
      this.dirty = false;
      clearTimeout(this.saving);
      kept.drop(kept.at(this.name));
      this.say(gettext("taken over"), "done");
      this.#tell(told);
      this.focus();
    });
    panel.querySelector("[data-keep]").addEventListener("click", () => {
      this.#settled(theirs);
      this.dirty = true;
      kept.put(this);
      this.save();
      this.focus();
    });
    this.conflict = panel;
    this.form.prepend(panel);
    this.say(gettext("not saved: both texts are above"), "error");
    this.#tell(told);
    panel.focus();
  }

  #settled(theirs) {
    this.conflict.remove();
    this.conflict = null;
    this.element.dataset.seen = theirs.seen;
    this.element.dataset.index = theirs.row;
  }

  /**
   * Takes over what this row is now, around what is being written in it.
   *
   * Only its own save says that what is written here is based on the row as it is now; after another's, the next save
   * has to come late, or it would write over a text that nobody here has seen.
   */
  adopt(fresh, isOwn) {
    const before = kept.at(this.name);
    if (!this.conflict && (isOwn || !this.dirty)) {
      if (!isOwn && this.field && fresh.dataset.seen !== this.seen) this.#show(fresh.querySelector("[name=text]").value);
      this.element.dataset.seen = fresh.dataset.seen;
    }
    for (const name of ["index", "of", "step"]) this.element.dataset[name] = fresh.dataset[name];
    if (before !== kept.at(this.name) || !this.dirty) kept.drop(before);
    if (this.dirty) kept.put(this);
    this.element.toggleAttribute("data-whole", fresh.hasAttribute("data-whole"));
    this.element.id = fresh.id;
    for (const part of [".row-source", ".row-terms"]) {
      this.element.querySelector(part)?.replaceWith(fresh.querySelector(part));
    }
    this.paint();
  }

  /** Another's text, while nobody has written here. */
  #show(text) {
    this.editor?.commands.setContent(text, { emitUpdate: false });
    this.field.value = text;
    if (this.isRich && !this.editor) this.read.innerHTML = text;
    this.say(gettext("somebody else has just changed this"));
  }

  /** What was kept on this computer, put in its place and sent. */
  async restore(found) {
    if (this.text === found.text) {
      kept.drop(found.at);
      return;
    }
    this.element.dataset.seen = found.seen;
    this.sent = found.sent;
    const shown = this.setText(found.text);
    if (found.at !== kept.at(this.name)) kept.drop(found.at);  // this page has it now
    this.say(gettext("brought back from this computer"));
    await shown;
    await this.mount();
    this.save();
  }
}
