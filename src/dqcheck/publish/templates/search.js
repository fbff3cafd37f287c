// Search of the index page. The list of words is a script beside this one, since pages that are
// opened from a folder may not read other files; it is loaded when somebody begins to type.
"use strict";
(() => {
  const form = document.getElementById("search");
  const input = document.getElementById("words");
  const count = document.getElementById("count");
  const found = document.getElementById("found");
  const MOST = 40;
  let texts = null;

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const load = () => {
    if (texts || document.getElementById("index")) return;
    const script = document.createElement("script");
    script.id = "index";
    script.src = "search-index.js";
    script.onload = () => {
      texts = window.dqcheckIndex.map(([, title, words]) => fold(`${title} ${words}`));
      show();
    };
    script.onerror = () => { count.textContent = "The list of words could not be read."; };
    document.head.append(script);
  };

  // Whole words come before beginnings of words, and these before parts of words.
  const rank = (text, wanted) => {
    let worst = 0;
    for (const word of wanted) {
      const at = text.indexOf(word);
      if (at < 0) return -1;
      const spaced = ` ${text} `;
      const own = spaced.includes(` ${word} `) ? 0 : spaced.includes(` ${word}`) ? 1 : 2;
      worst = Math.max(worst, own);
    }
    return worst;
  };

  // What people shorten: dk brn for dark brown.
  const shorten = (wanted) => wanted
    .map((word) => [...word.replace(/[^\p{L}\p{N}]/gu, "")].join("[\\p{L}\\p{N}]*"))
    .filter(Boolean)
    .map((letters) => new RegExp(`(?:^|[^\\p{L}\\p{N}])${letters}`, "u"));

  const show = () => {
    const wanted = fold(input.value).split(/\s+/).filter(Boolean);
    found.replaceChildren();
    count.textContent = "";
    if (!texts || wanted.length === 0) return;
    const hits = [];
    texts.forEach((text, number) => {
      const own = rank(text, wanted);
      if (own >= 0) hits.push([own, number]);
    });
    if (hits.length === 0) {
      const shapes = shorten(wanted);
      texts.forEach((text, number) => {
        if (shapes.length && shapes.every((shape) => shape.test(text))) hits.push([text.length, number]);
      });
    }
    hits.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    for (const [, number] of hits.slice(0, MOST)) {
      const [kind, title, words, page] = window.dqcheckIndex[number];
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = page;
      link.textContent = title;
      const more = document.createElement("small");
      const shown = words.length > 80 ? `${words.slice(0, 80)}…` : words;
      more.textContent = ` ${kind}: ${shown}`;
      item.append(link, more);
      found.append(item);
    }
    const more = hits.length > MOST ? `, the first ${MOST} are shown` : "";
    count.textContent = `${hits.length} found${more}`;
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("focus", load);
  input.addEventListener("input", () => { load(); show(); });
})();
