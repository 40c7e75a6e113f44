/* What a page can do with a script: be listened to, and be printed by a button. Every page is whole without it. */
(() => {
  "use strict";

  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }

  const listen = document.querySelector("[data-listen]");
  const stop = document.querySelector("[data-stop]");
  const speech = window.speechSynthesis;
  if (!listen || !stop || !speech || !window.SpeechSynthesisUtterance) return;

  const language = document.documentElement.lang;
  // Cantonese is no reading of a text for Mandarin speakers; a traditional text may be read by either.
  const wanted = { "zh-Hans": /^(zh|cmn)(?!.*HK)/i, "zh-Hant": /^(zh|cmn|yue)/i }[language] || new RegExp(`^${language}`, "i");
  const best = { "zh-Hans": /CN|Hans/i, "zh-Hant": /TW|Hant/i }[language] || /GB|US/i;
  const READ = "h1, h2, h3, p, li, th, td, dt, dd, figcaption";
  const SILENT = "nav, form, .tools, .paper, .keep, .footnotes, .sources, .review, .share, .helpful, [aria-hidden='true'], [data-silent]";

  let voice = null;
  let queue = [];
  let state = "off"; // off, on or paused
  let lit = null;

  function findVoice() {
    const voices = speech.getVoices().filter((each) => wanted.test(each.lang));
    // One of the device's own keeps the text on the device.
    const rank = (each) => 2 * best.test(each.lang) + each.localService;
    voice = voices.sort((a, b) => rank(b) - rank(a))[0] || null;
    listen.hidden = !voice;
  }

  /* Long texts break off in some browsers, so each sentence is an utterance of its own. */
  function sentences(text) {
    if (window.Intl && Intl.Segmenter) {
      return Array.from(new Intl.Segmenter(language, { granularity: "sentence" }).segment(text), (part) => part.segment);
    }
    return text.match(/[^。！？!?.]+[。！？!?.]*/g) || [text];
  }

  function textOf(block) {
    const copy = block.cloneNode(true);
    copy.querySelectorAll(`${READ}, ${SILENT}`).forEach((inner) => inner.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function everything() {
    const blocks = [...document.querySelectorAll("main article")].flatMap((article) => [...article.querySelectorAll(READ)]);
    return blocks
      .filter((block) => !block.closest(SILENT) && block.getClientRects().length)
      .flatMap((block) => sentences(textOf(block)).map((text) => ({ block, text: text.trim() })))
      .filter(({ text }) => text);
  }

  function show(block) {
    if (lit) lit.classList.remove("is-read-aloud");
    if (block) block.classList.add("is-read-aloud");
    lit = block;
  }

  function become(next) {
    state = next;
    listen.textContent = listen.dataset[{ off: "listenLabel", on: "pauseLabel", paused: "resumeLabel" }[next]];
    stop.hidden = next === "off";
    if (next === "off") show(null);
  }

  function speak() {
    const part = queue[0];
    if (!part) return become("off");
    const utterance = new SpeechSynthesisUtterance(part.text);
    utterance.lang = voice.lang;
    utterance.voice = voice;
    utterance.rate = 0.9;
    utterance.onend = () => {
      // Of a sentence that was broken off by a pause nothing is lost: it is read again.
      if (state !== "on" || queue[0] !== part) return;
      queue.shift();
      speak();
    };
    utterance.onerror = () => {
      if (state === "on" && queue[0] === part) become("off");
    };
    show(part.block);
    speech.speak(utterance);
  }

  listen.addEventListener("click", () => {
    if (state === "on") {
      become("paused");
      speech.cancel(); // pause() is deaf on Android
      return;
    }
    if (state === "off") queue = everything();
    become("on");
    speech.cancel();
    speak();
  });

  stop.addEventListener("click", () => {
    become("off");
    speech.cancel();
    listen.focus();
  });

  window.addEventListener("pagehide", () => speech.cancel());
  if (speech.addEventListener) speech.addEventListener("voiceschanged", findVoice);
  findVoice();
})();
