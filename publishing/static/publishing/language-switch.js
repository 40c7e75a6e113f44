/* Languages by their names on the tabs of a form, and on the switch above it that turns all the tabs at once. */
"use strict";

django.jQuery(() => {
  const nameOf = (code) => {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code);
    return name[0].toUpperCase() + name.slice(1);
  };
  const nameTabs = () => {
    for (const tab of document.querySelectorAll(".ui-tabs-nav a:not([lang])")) {
      tab.lang = tab.textContent;
      tab.textContent = nameOf(tab.lang);
      tab.removeAttribute("title");
    }
  };
  const languages = document.getElementById("modeltranslation-main-switch");
  const tabs = [...(document.querySelector(".ui-tabs-nav")?.children ?? [])];
  if (!languages || !tabs.length) {
    languages?.remove();
    return;
  }
  nameTabs();
  // The tabs of a part that is added come after this event.
  document.addEventListener("formset:added", () => setTimeout(nameTabs));
  languages.setAttribute("aria-label", gettext("Language"));
  for (const option of languages.options) {
    option.textContent = nameOf(option.textContent);
  }
  languages.selectedIndex = tabs.findIndex((tab) => tab.classList.contains("ui-tabs-active"));
});
