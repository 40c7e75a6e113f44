// Copies the page's address, or hands it to the device's own way of sharing; a button shows only where it works.
// What leads here from the head of the page opens it.
for (const share of document.querySelectorAll(".share")) {
  const { address: url, title } = share.dataset;
  const [copy, send] = ["copy", "send"].map((name) => share.querySelector(`[data-${name}]`));
  for (const link of document.querySelectorAll(`a[href="#${share.id}"]`)) {
    link.addEventListener("click", () => {
      share.open = true;
    });
  }
  const said = share.querySelector("[data-done]");
  copy.hidden = !navigator.clipboard;
  send.hidden = !navigator.share;
  copy.addEventListener("click", async () => {
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(url);
      said.textContent = said.dataset.done;
    } catch {
      getSelection().selectAllChildren(share.querySelector(".address")); // refused: the reader copies it by hand
    }
  });
  send.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));
}
