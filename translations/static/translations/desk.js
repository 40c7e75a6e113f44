/* The translators' desk: moving between rows, keys, what helps, who is here, acts on texts, and the preview. */
import { Row, SignedOut, ask, form, kept, settings, turns } from "desk/writing";

const HERE_EVERY = 15_000;
const desk = document.getElementById("content-main");
const saidLine = document.getElementById("desk-said");
const progress = document.getElementById("desk-progress");
const othersLine = document.getElementById("desk-others");
const keys = document.getElementById("desk-keys");
const preview = document.getElementById("desk-preview");

let stamp = settings.stamp;
let current = null;

const all = (selector, root = desk) => [...root.querySelectorAll(selector)];
const rows = () => all(".row").map((element) => Row.at.get(element) ?? new Row(element));
const unitOf = (key) => desk.querySelector(`.unit[data-key="${CSS.escape(key)}"]`);
const parsed = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
};

function say(words) {
  saidLine.textContent = words;
}

// Taking over what the server tells -----------------------------------------------------------------------------------

function take(told, own = null) {
  if (told.progress) progress.innerHTML = told.progress;
  if (told.said) say(told.said);
  for (const { key, html } of told.units ?? []) {
    const unit = unitOf(key);
    if (unit) takeUnit(unit, parsed(html), own);
    else say(gettext("A new text came to the document. Load the page again to see it."));
  }
  for (const key of [told.gone ?? []].flat().filter(Boolean)) unitOf(key)?.setAttribute("data-gone", "");
  narrow();
  refreshPreview();
}

function takeUnit(unit, fresh, own) {
  const here = all(".row", unit).map((element) => Row.at.get(element) ?? new Row(element));
  const news = all(".row", fresh);
  // What is being written stays where it is, unless its source stands elsewhere now.
  const stays = (row, place) => row.of === news[place].dataset.of || !news.some((each) => each.dataset.of === row.of);
  if (here.length === news.length && here.every((row, place) => !row.isBusy || stays(row, place))) {
    here.forEach((row, place) => {
      if (row.isBusy) row.adopt(news[place], row === own);
      else if (row.seen !== news[place].dataset.seen || row.step !== news[place].dataset.step) {
        row.forget();
        row.element.replaceWith(news[place]);
      }
    });
  } else {
    takeOtherRows(unit, here, news);
  }
  for (const name of ["mark", "state"]) unit.dataset[name] = fresh.dataset[name];
  for (const part of [".unit-head", ".unit-why", ".unit-foot"]) {
    const [old, now] = [unit.querySelector(part), fresh.querySelector(part)];
    if (old && now) replacePart(old, now);
    else if (old) old.remove();
    else if (now) unit.querySelector(".unit-rows").before(now);
  }
  rows();
}

/** What somebody is writing in the old part goes on in the new one, and so does the focus. */
function replacePart(old, now) {
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  let focused = active && now.querySelector(`.${active.closest("details")?.className ?? "none"} summary, summary`);
  const moved = all("textarea", old).filter((field) => field.value).map((field) => {
    const place = sameForm(now, field.form)?.querySelector("textarea") ?? now.querySelector("textarea");
    if (!place) return null;
    place.value = field.value;
    if (field === active) focused = place;
    return () => place.setSelectionRange(field.selectionStart, field.selectionEnd);
  });
  for (const details of all("details[open]", old)) {
    const same = now.querySelector(`details.${details.className}`);
    if (same) same.open = true;
  }
  old.replaceWith(now);
  for (const move of moved) move?.();
  focused?.focus();
}

const sameForm = (root, form) => root.querySelector(`form[action="${CSS.escape(form.getAttribute("action"))}"]`);

/** Rows came or went: what is being written moves to the row of the same source. */
function takeOtherRows(unit, here, news) {
  const writing = here.filter((row) => row.dirty || row.conflict);
  const hadFocus = here.find((row) => row.hasFocus);
  here.forEach((row) => row.forget());
  unit.querySelector(".unit-rows").replaceChildren(...news);
  const now = news.map((element) => new Row(element));
  const free = new Set(now);
  for (const { key, of, seen, text, sent, name } of writing) {
    const found = { key, of, seen, text, sent, at: kept.at(name) };
    const place = [...free].find((each) => each.of === of);
    free.delete(place);
    if (place?.field) place.restore(found);
    else lost(found);
  }
  if (hadFocus) (now.find((each) => each.of === hadFocus.of) ?? now[0])?.focus();
}

/** What has no row to go to is shown beside its text, until its writer throws it away. */
function lost(found) {
  const old = all("#desk-kept .conflict").find((box) => box.dataset.at === found.at);
  old?.remove();
  if (!found.text) {
    kept.drop(found.at);
    return;
  }
  const box = document.getElementById("desk-lost").content.cloneNode(true).firstElementChild;
  box.dataset.at = found.at;
  const unit = unitOf(found.key);
  box.querySelector("[data-name]").textContent = unit?.getAttribute("aria-label") ?? "";
  const text = box.querySelector("[data-text]");
  if (unit?.querySelector("[data-rich]")) text.innerHTML = found.text;
  else {
    text.textContent = found.text;
    text.classList.add("kept-text");
  }
  box.querySelector("button").addEventListener("click", () => {
    kept.drop(found.at);
    box.remove();
  });
  document.getElementById("desk-kept").append(box);
}

/** A text of a page that is gone. */
function bringBack(found) {
  const place = rows().find((row) => row.field && row.key === found.key && row.of === found.of);
  if (place && (!place.dirty || place.text === found.text)) place.restore(found);
  else lost(found);
}

desk.addEventListener("desk:told", (event) => take(event.detail.told, event.detail.row));
desk.addEventListener("desk:checked", () => narrow());

// Acts on a text ------------------------------------------------------------------------------------------------------

desk.addEventListener("submit", async (event) => {
  const act = event.target.closest("form[data-act]");
  if (!act) return;
  event.preventDefault();
  if (act.dataset.sending !== undefined) return;
  act.dataset.sending = "";
  const unit = act.closest(".unit");
  const data = new FormData(act);
  data.delete("csrfmiddlewaretoken");  // it may be of an earlier login; the cookie's goes with every request
  try {
    await turns.take(async () => {
      const { status, told } = await ask(act.action, data);
      // The form may be another by now, with what was written in this one.
      if (status === 200) (act.isConnected ? act : sameForm(unit, act))?.reset();
      take(told);
      if (status === 200 && act.hasAttribute("data-approve")) enter(firstRow(nextUnit(unit)) ?? firstRow(unit));
    });
  } catch (error) {
    const words = error instanceof SignedOut
      ? gettext("You are not logged in any more. Log in again in a new tab.")
      : gettext("There was no answer. Try again: nothing is done twice.");
    say(words);
  }
  delete act.dataset.sending;
});

const nextUnit = (unit) => units().find((each) => unit.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
const units = () => all(".unit").filter((unit) => !unit.hidden);
const firstRow = (unit) => unit && Row.at.get(unit.querySelector(".row:not([hidden])"));

// Which rows are shown ------------------------------------------------------------------------------------------------

const WANTED = {
  all: () => true,
  todo: (row, unit) => row.dataset.step !== "done" || unit.dataset.state === "returned",
  outdated: (row, unit) => ["changed", "gone"].includes(row.dataset.step) || (unit.dataset.state === "outdated" && row.dataset.step === "new"),
  returned: (row, unit) => unit.dataset.state === "returned",
  approve: (row, unit) => unit.querySelector("form[data-approve]") !== null,
  findings: (row) => row.querySelector(".finding") !== null,
};

function narrow() {
  const chosen = desk.querySelector("[name=show]:checked")?.value ?? "all";
  for (const unit of all(".unit")) {
    let some = false;
    for (const row of all(".row", unit)) {
      row.hidden = !WANTED[chosen](row, unit) && !row.contains(document.activeElement);
      some ||= !row.hidden;
    }
    unit.hidden = !some;
  }
  for (const heading of all(".desk-section")) {
    let next = heading.nextElementSibling;
    let some = false;
    while (next?.matches(".unit")) {
      some ||= !next.hidden;
      next = next.nextElementSibling;
    }
    heading.hidden = !some;
  }
  desk.querySelector(".desk-none").hidden = units().length > 0 || chosen === "all";
}

for (const choice of all("[name=show]")) choice.addEventListener("change", narrow);

// Moving --------------------------------------------------------------------------------------------------------------

const shown = () => rows().filter((row) => !row.element.hidden && !row.unit.hidden);

function enter(row) {
  if (!row) return;
  row.element.scrollIntoView({ block: "nearest" });
  row.focus();
}

function beside(step) {
  const found = shown();
  return found[found.indexOf(current) + step];
}

function nextToDo() {
  const found = shown();
  const at = found.indexOf(current);
  const later = [...found.slice(at + 1), ...found.slice(0, Math.max(at, 0))];
  return later.find((row) => WANTED.todo(row.element, row.unit));
}

desk.addEventListener("focusin", (event) => {
  const element = event.target.closest(".row");
  const row = element && (Row.at.get(element) ?? new Row(element));
  if (!row || row === current) return;
  current?.element.classList.remove("is-current");
  current = row;
  row.element.classList.add("is-current");
  help(row);
  tellHere();
  const next = beside(1);
  if (next) (globalThis.requestIdleCallback ?? setTimeout)(() => next.mount());
  const others = row.element.dataset.others;
  if (others) say(interpolate(gettext("%(names)s is in this row too."), { names: others }, true));
});

// What helps ----------------------------------------------------------------------------------------------------------

async function help(row) {
  const box = row.element.querySelector(".row-help");
  if (!box || row.helped === row.of) return;
  row.helped = row.of;
  try {
    const asked = new URLSearchParams({ key: row.key, row: row.index });
    const { status, told } = await ask(`${settings.urls.help}?${asked}`);
    if (status !== 200) throw new Error(told.said);
    if (row.helped !== row.of) return;  // another source meanwhile
    const suggestion = suggested(row, told.suggestion) ?? asking(row);
    box.replaceChildren(...[suggestion, remembered(told.matches)].filter(Boolean));
  } catch {
    row.helped = "";
  }
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function suggested(row, found) {
  if (!found) return null;
  const button = element("button", { type: "button", class: "button", "data-suggestion": "" }, gettext("Insert it"), " ", element("kbd", {}, "Alt I"));
  button.addEventListener("click", () => row.setText(found.text).then(() => row.focus()));
  const text = element("div", { class: "text", lang: desk.dataset.language });
  text.innerHTML = found.html;
  const by = element("small", {}, found.by);
  return element("section", { class: "suggestion" }, element("p", { class: "title" }, gettext("Suggestion, not yet looked at"), " ", by), text, button);
}

/** Asks for a suggestion where there is something to do; it is shown, and saved by nobody but a person. */
function asking(row) {
  if (row.step === "done") return null;
  const button = element("button", { type: "button", class: "button quiet", "data-ask": "" }, gettext("Suggest a translation"), " ", element("kbd", {}, "Alt G"));
  const said = element("p", { role: "status" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = gettext("asking …");
    try {
      const { status, told } = await ask(settings.urls.suggest, form({ key: row.key }), 0);  // it has its own limit
      said.textContent = status === 200 ? gettext("There is no suggestion for this row.") : told.refused;
      if (status === 200 && told.rows[row.index]) {
        row.helped = "";
        await help(row);
      }
    } catch {
      said.textContent = gettext("There was no answer. Try again: nothing is done twice.");
    }
    button.disabled = false;
  });
  return element("section", {}, button, said);
}

function remembered(found) {
  if (!found?.length) return null;
  const list = element("ol", { class: "matches" });
  found.forEach((match, place) => {
    const button = element(
      "button",
      { type: "button", "data-insert": match.target, "data-match": place + 1 },
      element("span", { class: "match-score" }, `${match.score} %`),
      element("span", { class: "match-source" }, match.source),
      element("span", { lang: desk.dataset.language }, match.target),
      element("kbd", {}, `Alt Shift ${place + 1}`),
    );
    list.append(element("li", {}, button));
  });
  return element("section", {}, element("p", { class: "title" }, gettext("From the memory")), list);
}

desk.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  const row = button && Row.at.get(button.closest(".row"));
  row?.insert(button.dataset.insert);
});

// A button that inserts does not take the caret away from where it inserts.
desk.addEventListener("pointerdown", (event) => {
  if (event.target.closest("[data-insert]")) event.preventDefault();
});

// Keys ----------------------------------------------------------------------------------------------------------------

const inCurrent = (selector) => current?.element.querySelector(selector);
const inUnit = (selector) => current?.unit.querySelector(selector);

function open(details) {
  if (!details) return;
  details.open = true;
  details.querySelector("textarea")?.focus();
}

const WITH_ALT = {
  ArrowDown: () => enter(beside(1)),
  ArrowUp: () => enter(beside(-1)),
  KeyN: () => enter(nextToDo()),
  KeyC: () => current?.field && current.copySource(),
  KeyG: () => inCurrent("[data-ask]")?.click(),
  KeyI: () => inCurrent("[data-suggestion]")?.click(),
  KeyA: () => inUnit("form[data-approve]")?.requestSubmit(),
  KeyR: () => open(inUnit(".send-back")),
  KeyM: () => open(inUnit(".unit-comments")),
  KeyP: () => togglePreview(),
  Slash: () => keys.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || keys.open) return;
  const isTyping = event.target.closest("textarea, input, select, [contenteditable=true]");
  if (event.key === "?" && !isTyping) {
    event.preventDefault();
    keys.showModal();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (!current || !event.target.closest(".row")) return;
    event.preventDefault();
    event.stopPropagation();
    const next = beside(1);
    current.save();
    if (next) enter(next);
    else current.field?.blur();
  } else if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    const act = digit
      ? () => inCurrent(event.shiftKey ? `[data-match="${digit}"]` : `button[data-term="${digit}"]`)?.click()
      : WITH_ALT[event.code];
    if (!act) return;
    event.preventDefault();
    act();
  } else if (event.key === "Escape" && isTyping && current?.element.contains(event.target)) {
    const row = current.element;
    row.tabIndex = -1;
    row.focus();
  }
}, true);

for (const button of all("[data-keys]")) button.addEventListener("click", () => keys.showModal());

// Who is here ---------------------------------------------------------------------------------------------------------

let telling = false;
let tellAgain = false;

async function tellHere() {
  tellAgain = telling;
  if (telling) return;
  telling = true;
  const known = Object.fromEntries(all(".unit").map((unit) => [unit.dataset.key, unit.dataset.mark]));
  const data = form({ row: current?.here ?? "", stamp, known: JSON.stringify(known) });
  try {
    const { answer: { status, told }, isNews } = await turns.beside(() => ask(settings.urls.here, data));
    if (status === 200) showOthers(told.others);
    // What was sent and not answered may be among it: first that is asked once more. The stamp stays, so it comes again.
    if (status === 200 && isNews && !rows().some((row) => row.sent !== null)) {
      stamp = told.stamp;
      if (told.units.length || told.gone?.length) take(told);
    }
  } catch {
    // Saving says that there is no connection.
  }
  telling = false;
  if (tellAgain) tellHere();
}

function showOthers(others) {
  const names = others.map((each) => each.name);
  othersLine.textContent = names.length ? `${gettext("Also here:")} ${names.join(", ")}` : "";
  for (const row of rows()) {
    const there = others.filter((each) => each.row === row.here).map((each) => each.name).join(", ");
    const before = row.element.dataset.others ?? "";
    if (there === before) continue;
    row.element.querySelector(".row-others")?.remove();
    delete row.element.dataset.others;
    if (there) {
      row.element.dataset.others = there;
      const words = interpolate(gettext("%(names)s is in this row too."), { names: there }, true);
      row.element.prepend(element("p", { class: "row-others" }, words));
      if (row === current) say(words);
    }
  }
}

setInterval(() => document.hidden || tellHere(), HERE_EVERY);

// The preview ---------------------------------------------------------------------------------------------------------

let refreshing;

function refreshPreview() {
  if (!preview || preview.hidden) return;
  clearTimeout(refreshing);
  refreshing = setTimeout(() => {
    const frame = preview.querySelector("iframe");
    const at = frame.contentWindow.scrollY;
    frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, at), { once: true });
    frame.contentWindow.location.reload();
  }, 500);
}

function togglePreview() {
  if (!preview) return;
  preview.hidden = !preview.hidden;
  desk.classList.toggle("has-preview", !preview.hidden);
  const frame = preview.querySelector("iframe");
  if (!preview.hidden && !frame.src) frame.src = frame.dataset.src;
  else refreshPreview();
}

for (const link of all("[data-preview]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    togglePreview();
  });
}
preview?.querySelector("[data-preview-close]").addEventListener("click", togglePreview);

// Beginning -----------------------------------------------------------------------------------------------------------

function begin() {
  const asked = new URLSearchParams(location.search).get("show");
  const choice = asked && desk.querySelector(`[name=show][value="${CSS.escape(asked)}"]`);
  if (choice) choice.checked = true;
  rows();
  kept.whenLeft(bringBack);
  narrow();
  tellHere();
  const retry = () => rows().forEach((row) => row.dirty && row.save());
  addEventListener("online", retry);
  addEventListener("focus", retry);
  document.addEventListener("visibilitychange", retry);
}

begin();
