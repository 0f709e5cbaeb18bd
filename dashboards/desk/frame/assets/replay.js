"use strict";

// Moves the replay of a campaign without asking for another page: all of its moments are
// in the page already. The numbers are those of its table, the words those of its
// templates, so that nothing is told twice. It never starts to play by itself.
(() => {
  const slider = document.getElementById("replay-at"), table = document.getElementById("replay-table");
  if (!slider || !table) return;
  document.documentElement.classList.add("scripted");
  const rows = [...table.tBodies[0].rows];
  const column = {};
  [...table.tHead.rows[0].cells].forEach((cell, i) => { column[cell.dataset.shows] = i; });
  const phases = [...document.querySelectorAll("template[data-first]")];
  const state = document.getElementById("replay-state");
  const moves = [...document.querySelectorAll("[data-move]")];

  // Lists of what became known, with all that is not known yet.
  const lists = [...document.querySelectorAll("[data-events]")].map(list => ({
    list, events: [...list.children].map(e => e.content ? e.content.firstElementChild : e),
  }));
  const found = lists.filter(l => l.list.dataset.events === "findings")
    .flatMap(l => l.events.map(e => Number(e.dataset.known))).sort((a, b) => a - b);

  const first = Number(slider.min), pace = Number(slider.step);
  const place = () => Math.round((Number(slider.value) - first) / pace);
  let shown = place();

  const targets = {
    "-1": i => i - 1, 1: i => i + 1,
    before: i => { const all = found.filter(k => k < i); return all.length ? all[all.length - 1] : -1; },
    next: i => { const k = found.find(k => k > i); return k === undefined ? -1 : k; },
  };

  function address(i) {
    const next = new URL(location.href);
    next.searchParams.set("at", first + i * pace);
    return next;
  }

  function draw(i) {
    for (const svg of document.querySelectorAll(".replay-chart svg")) {
      const left = Number(svg.dataset.left), right = Number(svg.dataset.right);
      const x = left + (right - left) * i / (rows.length - 1);
      const later = svg.querySelector(".later");
      later.setAttribute("x", x);
      later.setAttribute("width", right - x);
      svg.querySelector(".later-edge").setAttribute("x", x);
    }
  }

  function show(i) {
    i = Math.min(Math.max(i, 0), rows.length - 1);
    const cells = rows[i].cells;
    for (const part of document.querySelectorAll("[data-shows]")) {
      if (part.closest("table")) continue;
      part.replaceChildren(...[...cells[column[part.dataset.shows]].childNodes].map(n => n.cloneNode(true)));
    }
    slider.value = first + i * pace;
    slider.setAttribute("aria-valuetext", cells[column.at].textContent);
    const phase = phases.find(p => i >= p.dataset.first && i <= p.dataset.last);
    if (phase && phase !== state.phase) {
      state.phase = phase;
      state.replaceChildren(document.importNode(phase.content, true));
    }
    for (const { list, events } of lists) list.replaceChildren(...events.filter(e => e.dataset.known <= i));
    for (const link of moves) {
      const k = targets[link.dataset.move](i);
      link.hidden = k < 0 || k >= rows.length;
      if (!link.hidden) link.href = address(k);
    }
    draw(i);
    shown = i;
  }

  const keep = () => history.replaceState(null, "", address(shown));

  slider.addEventListener("input", () => { pause(); show(place()); });
  slider.addEventListener("change", keep);
  slider.form.addEventListener("submit", e => { e.preventDefault(); show(place()); keep(); });
  for (const link of moves) {
    link.addEventListener("click", e => {
      if (e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
      e.preventDefault();
      pause();
      show(targets[link.dataset.move](shown));
      keep();
      if (link.hidden) slider.focus(); // it leads nowhere any more
    });
  }

  // Playing

  slider.form.after(document.importNode(document.getElementById("replay-controls").content, true));
  const button = document.querySelector(".replay-play button"), speed = document.querySelector(".replay-play select");
  let clock = 0;

  function pause() {
    if (!clock) return;
    clearTimeout(clock);
    clock = 0;
    button.textContent = button.dataset.play;
    state.setAttribute("aria-live", "polite");
    keep();
  }

  function tick() {
    if (shown >= rows.length - 1) return pause();
    show(shown + 1);
    clock = setTimeout(tick, Number(speed.value));
  }

  button.addEventListener("click", () => {
    if (clock) return pause();
    // Whoever listens is told once it stands still: nobody can follow what flies by.
    state.setAttribute("aria-live", "off");
    button.textContent = button.dataset.pause;
    if (shown >= rows.length - 1) show(0);
    clock = setTimeout(tick, Number(speed.value));
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) pause(); });
  show(shown);
})();
