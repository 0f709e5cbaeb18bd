"use strict";

// Keeps an open page up to date. When the server says that there is something new,
// the page is asked for again, and those of its parts that carry data-live are put
// in the place of the old ones: whoever has no scripts loads the page again by hand
// and sees the same.
(() => {
  if (!window.EventSource || !window.fetch || !window.DOMParser) return;
  let busy = false, missed = false;

  // What a reader is in the middle of is left alone until next time.
  function inUse(part) {
    const chosen = getSelection();
    return part.contains(document.activeElement) && document.activeElement !== document.body ||
      chosen && !chosen.isCollapsed && chosen.containsNode(part, true);
  }

  function replace(part, fresh) {
    const opened = [...part.querySelectorAll("details")].map(d => d.open);
    const node = document.importNode(fresh, true);
    [...node.querySelectorAll("details")].forEach((d, i) => { if (opened[i]) d.open = true; });
    part.replaceWith(node);
  }

  async function refresh() {
    if (busy) return;
    busy = true;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error", cache: "no-store" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const fresh = page.querySelector('[data-live="' + part.dataset.live + '"]');
        if (fresh && !inUse(part) && !part.isEqualNode(fresh)) replace(part, fresh);
      }
      missed = false;
    } catch {
      missed = true; // gone for a moment; the status says so, if it lasts
    } finally {
      busy = false;
    }
  }

  function tell(e) {
    const state = JSON.parse(e.data), line = document.querySelector(".status");
    if (!line) return;
    line.classList.toggle("status-amiss", !state.fine);
    const words = line.querySelector(".status-words");
    if (words) words.textContent = state.words;
  }

  // Browsers open only six connections to a host, over all tabs: one that nobody
  // looks at must not hold any.
  let stream = null;
  function listen() {
    if (document.hidden) {
      if (stream) stream.close();
      stream = null;
      missed = true;
    } else if (!stream) {
      stream = new EventSource("/live");
      stream.addEventListener("state", tell);
      stream.addEventListener("refresh", refresh);
      if (missed) refresh();
    }
  }
  document.addEventListener("visibilitychange", listen);
  listen();
})();
