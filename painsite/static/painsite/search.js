// Suggestions under the search box while something is typed (the combobox pattern of WAI-ARIA); without it, a form.
(() => {
  const form = document.querySelector(".search-box");
  const input = form.elements.q;
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.hidden = true;
  for (const [name, value] of [["role", "listbox"], ["aria-label", input.dataset.label]]) list.setAttribute(name, value);
  input.after(list);
  const say = (name, value) => input.setAttribute(`aria-${name}`, value);
  input.setAttribute("role", "combobox");
  say("autocomplete", "list");
  say("controls", list.id);
  say("expanded", false);

  let chosen = -1;
  let asked = "";
  let timer = 0;

  function show(texts) {
    list.replaceChildren(...texts.map((text, at) => {
      const option = document.createElement("li");
      option.id = `suggestion-${at}`;
      option.setAttribute("role", "option");
      option.textContent = text;
      option.addEventListener("mousedown", (event) => event.preventDefault()); // else the box loses the focus first
      option.addEventListener("click", () => take(text));
      return option;
    }));
    list.hidden = !texts.length;
    say("expanded", !list.hidden);
    choose(-1);
  }

  function choose(at) {
    chosen = at;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", place === at));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    say("activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function take(text) {
    input.value = text;
    show([]);
    form.requestSubmit();
  }

  async function ask() {
    asked = input.value.trim();
    if (!asked) return show([]);
    try {
      const answer = await fetch(`${form.action}suggest/?q=${encodeURIComponent(asked)}`);
      const [, texts] = await answer.json();
      if (input.value.trim() === asked && document.activeElement === input) show(texts);
    } catch {
      show([]);
    }
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, 150);
  });
  input.addEventListener("compositionend", () => {
    timer = setTimeout(ask, 150);
  });
  input.addEventListener("blur", () => show([]));
  input.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.isComposing || !count) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(((chosen + step + 1 + count + 1) % (count + 1)) - 1); // after the last one back into the box
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen].textContent);
    } else if (event.key === "Escape") {
      event.preventDefault();
      show([]);
    }
  });
})();
