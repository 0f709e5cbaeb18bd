"use strict";

// Lets a reader drag over a stretch of a chart, or choose it with the arrow keys, and
// goes to the page of that time. Whoever has no scripts types it into the form and
// sees the same.
//
// It listens on the document, since live.js puts new charts in the place of old ones.
// Whoever drags holds the focus inside the part of the page with the charts, which
// live.js therefore leaves alone; should a chart be gone all the same, so is the drag.
(() => {
  if (!window.PointerEvent) return;
  document.documentElement.classList.add("scripted");
  const slip = 4; // pixels: a click that slips is not a drag
  let drag = null; // {svg, id, x, from, to}, once moved over buckets
  let usual = null; // what the hint below the charts says otherwise
  let keys = null; // {handle, svg, from, to}, chosen by the keyboard

  const number = (svg, name) => Number(svg.dataset[name]);

  // The bucket under a place on the screen. Time runs to the right in any language.
  function bucketAt(svg, x) {
    const box = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / box.width;
    const left = number(svg, "left"), right = number(svg, "right"), n = number(svg, "buckets");
    const i = Math.floor(((x - box.left) * scale - left) / (right - left) * n);
    return Math.min(Math.max(i, 0), n - 1);
  }

  // Shows what is chosen: as a band in the chart, and in words below it, which it returns.
  function show(svg, from, to) {
    const left = number(svg, "left"), slot = (number(svg, "right") - left) / number(svg, "buckets");
    const band = svg.querySelector(".brush-band"), [low, high] = from < to ? [from, to] : [to, from];
    band.setAttribute("x", left + low * slot);
    band.setAttribute("width", (high - low + 1) * slot);
    const handle = handleNear(svg), hint = frameOf(svg).querySelector(".brush-hint");
    const text = handle.dataset.says
      .replace("%from", told(handle, begins(svg, low))).replace("%to", told(handle, begins(svg, high + 1)));
    if (usual === null) usual = hint.textContent;
    hint.textContent = text + ". ";
    return text;
  }

  function hide(svg) {
    const band = svg.querySelector(".brush-band"), hint = frameOf(svg).querySelector(".brush-hint");
    band.setAttribute("x", svg.dataset.left);
    band.setAttribute("width", "0");
    if (usual !== null && hint) hint.textContent = usual;
  }

  // The time at which a bucket begins.
  const begins = (svg, bucket) => new Date(number(svg, "from") + bucket * number(svg, "step"));

  // The steps are chosen anew: who looks closer wants to see more.
  function go(svg, from, to) {
    const next = new URL(location.href), iso = bucket => begins(svg, bucket).toISOString().slice(0, 19) + "Z";
    next.searchParams.delete("range");
    next.searchParams.delete("step");
    next.searchParams.set("from", iso(Math.min(from, to)));
    next.searchParams.set("to", iso(Math.max(from, to) + 1));
    next.hash = "over-time";
    location.assign(next);
  }

  const frameOf = svg => svg.closest("[data-live]") || document;
  const handleNear = svg => frameOf(svg).querySelector(".brush");

  function dropDrag() {
    if (!drag) return;
    const { svg } = drag;
    drag = null;
    hide(svg);
    const handle = handleNear(svg);
    if (handle === document.activeElement) handle.blur();
  }

  document.addEventListener("pointerdown", e => {
    const svg = e.target.closest && e.target.closest("svg[data-buckets]");
    if (!svg || !e.isPrimary || e.button !== 0 || e.ctrlKey || e.metaKey) return;
    dropKeys();
    drag = { svg, id: e.pointerId, x: e.clientX, from: bucketAt(svg, e.clientX), to: -1 };
    const handle = handleNear(svg);
    if (handle) handle.focus({ preventScroll: true });
    if (e.pointerType !== "touch") e.preventDefault(); // no text is to be selected
    svg.setPointerCapture(e.pointerId);
  });
  document.addEventListener("pointermove", e => {
    if (!drag || e.pointerId !== drag.id) return;
    if (!drag.svg.isConnected) return void (drag = null);
    if (drag.to < 0 && Math.abs(e.clientX - drag.x) < slip) return;
    drag.to = bucketAt(drag.svg, e.clientX);
    show(drag.svg, drag.from, drag.to);
  });
  document.addEventListener("pointerup", e => {
    if (!drag || e.pointerId !== drag.id) return;
    const { svg, from, to } = drag;
    if (!svg.isConnected || to < 0) return dropDrag();
    drag = null;
    go(svg, from, to);
  });
  // A finger that scrolls the page after all.
  document.addEventListener("pointercancel", dropDrag);

  // The keyboard

  function told(handle, date) {
    const format = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
    const page = document.documentElement.lang, language = page === "en" ? "en-GB" : page || undefined;
    try {
      return new Intl.DateTimeFormat(language, { ...format, timeZone: handle.dataset.zone }).format(date);
    } catch { // a zone without a name that browsers know
      delete format.timeZoneName;
      return new Intl.DateTimeFormat(language, { ...format, timeZone: "UTC" }).format(new Date(date.getTime() + handle.dataset.offset * 60000));
    }
  }

  function tell() {
    const { handle, svg, from, to } = keys;
    handle.setAttribute("aria-valuenow", to);
    handle.setAttribute("aria-valuetext", show(svg, from, to));
  }

  function dropKeys() {
    if (!keys) return;
    const { handle, svg, before } = keys;
    keys = null;
    handle.setAttribute("aria-valuenow", "0");
    handle.setAttribute("aria-valuetext", before);
    hide(svg);
  }

  // How far each key goes, of so many buckets.
  const moves = {
    ArrowRight: () => 1, ArrowUp: () => 1, ArrowLeft: () => -1, ArrowDown: () => -1,
    PageUp: n => Math.ceil(n / 10), PageDown: n => -Math.ceil(n / 10), Home: n => -n, End: n => n,
  };

  document.addEventListener("keydown", e => {
    if (e.key === "Escape") {
      dropDrag();
      dropKeys();
      return;
    }
    const handle = e.target.closest && e.target.closest(".brush");
    if (!handle || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Enter" || e.key === " ") {
      e.preventDefault();
      if (keys) go(keys.svg, keys.from, keys.to);
      return;
    }
    const move = moves[e.key];
    const svg = [...frameOf(handle).querySelectorAll("svg[data-buckets]")].find(s => s.getClientRects().length);
    if (!move || !svg) return;
    e.preventDefault();
    const n = number(svg, "buckets"), by = move(n);
    const within = i => Math.min(Math.max(i, 0), n - 1);
    if (!keys || keys.svg !== svg) {
      dropKeys();
      const first = by > 0 && e.key !== "End" || e.key === "Home" ? 0 : n - 1;
      keys = { handle, svg, from: first, to: first, before: handle.getAttribute("aria-valuetext") };
    } else if (e.shiftKey) {
      keys.to = within(keys.to + by);
    } else {
      // The whole stretch moves, as far as there is room.
      const low = Math.min(keys.from, keys.to), high = Math.max(keys.from, keys.to);
      const step = Math.min(Math.max(by, -low), n - 1 - high);
      keys.from += step;
      keys.to += step;
    }
    tell();
  });
  document.addEventListener("focusout", e => {
    if (keys && e.target === keys.handle) dropKeys();
  });
  window.addEventListener("pageshow", e => {
    if (e.persisted) { // back from the stretch that was chosen
      dropDrag();
      dropKeys();
      document.querySelectorAll("svg[data-buckets]").forEach(hide);
    }
  });
})();
