/* The switch above a form that turns all its language tabs at once: languages by name, and the one that is shown. */
"use strict";

addEventListener("load", () => {
  const languages = document.getElementById("modeltranslation-main-switch");
  const tabs = [...(document.querySelector(".ui-tabs-nav")?.children ?? [])];
  if (!languages || !tabs.length) {
    languages?.remove();
    return;
  }
  languages.setAttribute("aria-label", gettext("Language"));
  for (const option of languages.options) {
    const name = new Intl.DisplayNames([option.textContent], { type: "language" }).of(option.textContent);
    option.textContent = name[0].toUpperCase() + name.slice(1);
  }
  languages.selectedIndex = tabs.findIndex((tab) => tab.classList.contains("ui-tabs-active"));
});
