// Has the service worker keep what is read, and topics that are asked for. No page needs it.
(() => {
  "use strict";
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const path = location.pathname;
  const isNew = !serviceWorker.controller;

  async function ask(tell, ...message) {
    const { active } = await serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => tell(data);
    active.postMessage(message, [port2]);
  }

  serviceWorker.register("/sw.js").then(
    () => isNew && ask(() => {}, "read", path), // which came before there was anybody to see it
    () => {}, // a browser that keeps nothing
  );
  addEventListener("online", () => ask(() => {}, "check"));

  const forgetAll = document.querySelector("[data-forget-all]");
  if (forgetAll) {
    forgetAll.hidden = false;
    forgetAll.addEventListener("click", () => ask(() => location.reload(), "forgetAll"));
  }

  const box = document.querySelector("[data-keep]");
  if (!box) return;
  const [keep, forget] = box.querySelectorAll("button");
  const status = box.querySelector("[role=status]");

  function show(isKept, words = "", numbers = {}) {
    keep.hidden = isKept;
    forget.hidden = !isKept;
    status.textContent = words.replace(/{(\w+)}/g, (_, name) => numbers[name]);
  }

  function fetchAll() {
    const links = [...document.querySelectorAll("main :is(.entries, .cards) a")].map((link) => link.pathname);
    const { progress, done, part } = status.dataset;
    ask((now) => {
      if (!now.isOver) return show(true, progress, now);
      show(true, now.done === now.all ? done : part, now);
    }, "keep", path, [path, ...new Set(links)]);
  }

  keep.addEventListener("click", fetchAll);
  forget.addEventListener("click", () => ask(() => show(false, status.dataset.gone), "forget", path));
  // What has come to the topic since is kept too.
  ask((isKept) => (isKept && navigator.onLine ? fetchAll() : show(isKept)), "isKept", path);
})();
