"use strict";

// Tells how hashtags fold while somebody writes them. The words stand in the page, and
// the folding is the server's: this only puts the one into the other. Without scripts
// the button "Check" does the same.
(() => {
  const field = document.querySelector("[data-fold]"), list = document.querySelector("[data-folds]");
  if (!field || !list || !window.fetch || !window.AbortController) return;
  const wait = 250, longest = 1500; // milliseconds; letters, since they go into an address
  let timer = 0, asked = null;

  const rows = {};
  for (const t of document.querySelectorAll("template[data-row]")) rows[t.dataset.row] = t;

  function names(into, all) {
    all.forEach((name, i) => {
      if (i) into.append(", ");
      const bdi = document.createElement("bdi");
      bdi.textContent = name;
      into.append(bdi);
    });
  }

  function row(tag) {
    const kind = !tag.key ? "none" : tag.again ? "again" : "fine";
    const node = rows[kind].content.cloneNode(true);
    for (const key of ["written", "key", "again"]) {
      const at = node.querySelector("[data-" + key + "]");
      if (at) at.textContent = tag[key];
    }
    for (const key of ["also", "others"]) {
      const at = node.querySelector("[data-" + key + "]");
      if (!at) continue;
      if (tag[key] && tag[key].length) names(at, tag[key]);
      else node.querySelector('[data-if="' + key + '"]').remove();
    }
    return node;
  }

  async function look() {
    if (asked) asked.abort();
    asked = new AbortController();
    const name = field.dataset.name || (document.getElementById("name") || {}).value || "";
    const query = new URLSearchParams({ tags: field.value, name });
    if (query.toString().length > longest) {
      list.replaceChildren();
      return;
    }
    try {
      const answer = await fetch(field.dataset.fold + "?" + query, { credentials: "same-origin", redirect: "error", cache: "no-store", signal: asked.signal });
      if (!answer.ok) return;
      const told = await answer.json();
      list.replaceChildren(...told.tags.map(row));
    } catch {
      // gone for a moment, or something newer is asked
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  });
})();
