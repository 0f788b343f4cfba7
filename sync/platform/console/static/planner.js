// The planner's page with a mouse and with keys. Without it the same is done by the forms of the page.
// Keys in the grid: arrows go from post to post, Enter opens, Delete takes a volunteer off, letters seek a volunteer.
"use strict";
(() => {
  const page = () => document.getElementById("planner");
  const opens = () => [...document.querySelectorAll("[data-grid] .open")];
  let dragged = null; // { volunteer, assignment, version, fits }
  let sought = null; // a letter typed over a post that is being opened
  let current = ""; // id of the link that has the keys, kept when the page is swapped

  function send(form, values) {
    for (const [name, value] of Object.entries(values)) {
      let field = form.elements.namedItem(name);
      if (!field) {
        field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        form.append(field);
      }
      field.value = value;
    }
    form.requestSubmit();
  }

  // dragging
  function take(event) {
    const from = event.target.closest?.("[draggable=true]");
    if (!from) return;
    const { volunteer, assignment = "", version = "" } = from.dataset;
    const mine = { volunteer, assignment, version, fits: null };
    dragged = mine;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", volunteer);
    from.classList.add("dragged");
    const asked = new URLSearchParams(new FormData(document.getElementById("place")));
    asked.delete("form");
    asked.set("volunteer", volunteer);
    asked.set("assignment", assignment);
    fetch(`/roster/fits?${asked}`, { headers: { "hx-request": "true" } })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((fits) => {
        if (!fits || dragged !== mine) return;
        mine.fits = fits;
        for (const post of document.querySelectorAll(".post[data-open]")) {
          post.classList.add(fits[post.dataset.post] ? "cannot" : "can");
        }
      })
      .catch(() => null);
  }

  function over(event) {
    const post = event.target.closest?.(".post[data-open]");
    for (const each of document.querySelectorAll(".post.under-hand")) if (each !== post) each.classList.remove("under-hand");
    if (!dragged) return;
    const word = document.getElementById("drag-word");
    const why = post && dragged.fits ? dragged.fits[post.dataset.post] || "" : "";
    word.textContent = why;
    word.hidden = !why;
    if (!post) return;
    event.preventDefault();
    post.classList.add("under-hand");
  }

  function drop(event) {
    const post = event.target.closest?.(".post[data-open]");
    if (!dragged || !post) return;
    event.preventDefault();
    const { volunteer, assignment, version } = dragged;
    const chosen = document.querySelector(".post.chosen")?.dataset.post ?? "";
    const { post: id, stamp } = post.dataset;
    send(document.getElementById("place"), { post: id, stamp, volunteer, assignment, version, keep: `-${chosen}` });
  }

  function letGo() {
    dragged = null;
    const marks = ["can", "cannot", "under-hand", "dragged"];
    for (const each of document.querySelectorAll(marks.map((mark) => `.${mark}`).join())) each.classList.remove(...marks);
    const word = document.getElementById("drag-word");
    if (word) word.hidden = true;
  }

  // keys
  const AWAY = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  function neighbour(from, [down, right]) {
    const all = opens();
    const at = (link) => [Number(link.dataset.row), Number(link.dataset.column)];
    const [row, column] = at(from);
    const near = all.filter((link) => at(link)[0] === row && at(link)[1] === column);
    const beside = near[near.indexOf(from) + down];
    if (down && beside) return beside;
    const ahead = all.filter((link) => {
      const [r, c] = at(link);
      return right ? r === row && (c - column) * right > 0 : c === column && (r - row) * down > 0;
    });
    const far = (link) => Math.abs(at(link)[0] - row) + Math.abs(at(link)[1] - column);
    return ahead.sort((one, other) => far(one) - far(other))[0];
  }

  function hold(link) {
    for (const each of opens()) each.tabIndex = each === link ? 0 : -1;
    for (const each of document.querySelectorAll("[data-grid] .chip[draggable]")) {
      each.tabIndex = link.closest(".post")?.contains(each) ? 0 : -1;
    }
    current = link.id;
  }

  function takeOff(chip) {
    const { assignment, version } = chip.dataset;
    send(document.getElementById("remove"), { assignment, version });
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.target;
    if (on.id === "seek") return inSearch(event);
    const link = on.closest?.("[data-grid] .post, [data-grid] .day-card");
    if (!link) return;
    const open = link.matches(".open") ? link : link.querySelector(".open");
    if (event.key in AWAY) {
      const to = neighbour(open, AWAY[event.key]);
      event.preventDefault();
      if (to) to.focus();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      const chip = on.matches(".chip") ? on : [...link.querySelectorAll(".chip[draggable]")].pop();
      event.preventDefault();
      if (chip) takeOff(chip);
    } else if (event.key.length === 1 && event.key !== " ") {
      event.preventDefault();
      seekFor(link, event.key);
    } else if (event.key === "Process") {
      seekFor(link, ""); // a method of input composes there from the next key on
    }
  }

  // A letter over a post opens it, and the search of its candidates goes on from that letter.
  function seekFor(post, letter) {
    if (!post.dataset.post) return;
    sought = letter;
    if (post.matches(".chosen")) seekOn();
    else post.querySelector(".open").click();
  }

  function seekOn() {
    const seek = document.getElementById("seek");
    const letter = sought;
    sought = null;
    if (!seek || letter === null) return;
    seek.focus();
    if (!letter) return;
    seek.value = letter;
    seek.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function inSearch(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      document.getElementById(current)?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (event.target.dataset.waits) event.target.dataset.enter = "yes";
      else placeFirst();
    }
  }

  function placeFirst() {
    document.querySelector("#people .fits form")?.requestSubmit();
  }

  // the page after it was swapped
  function furnish() {
    if (!page()) return;
    const links = opens();
    const held = document.getElementById(current);
    const first = (held && links.includes(held) && held) || document.querySelector(".post.chosen .open") || links[0];
    if (first) hold(first);
    for (const form of document.querySelectorAll("form[data-auto]")) form.dataset.auto = "on";
    letGo();
  }

  document.addEventListener("dragstart", take);
  document.addEventListener("dragover", over);
  document.addEventListener("drop", drop);
  document.addEventListener("dragend", letGo);
  document.addEventListener("keydown", key);
  document.addEventListener("focusin", (event) => { if (event.target.matches("[data-grid] .open")) hold(event.target); });
  document.addEventListener("change", (event) => event.target.closest("form[data-auto]")?.requestSubmit());
  document.addEventListener("click", (event) => {
    for (const each of document.querySelectorAll("details.drop[open]")) if (!each.contains(event.target)) each.open = false;
  });
  // a page that says why something was not done is shown as any other; what is no page of the planner's is gone to
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (!page()?.contains(target)) return;
    if (xhr.status >= 400 || !xhr.responseText.includes('id="planner"')) {
      if (xhr.responseText.includes('id="planner"')) event.detail.shouldSwap = true;
      else if (!target.matches("[hx-get]")) window.location.reload();
    }
  });
  document.addEventListener("input", (event) => { if (event.target.id === "seek") event.target.dataset.waits = "yes"; });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const seek = event.detail.elt;
    if (seek.id === "seek") seek.dataset.asked = seek.value;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const seek = document.getElementById("seek");
    furnish();
    if (sought !== null) return seekOn();
    if (seek && seek.value !== (seek.dataset.asked ?? seek.defaultValue)) { // typed while the page was on its way
      return seek.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const enter = seek?.dataset.enter;
    if (seek) { delete seek.dataset.waits; delete seek.dataset.enter; }
    if (enter) return placeFirst();
    const said = document.getElementById("said");
    if (event.detail.target?.id === "planner" || event.detail.elt?.id === "planner") {
      if (said?.matches(".refused")) said.focus();
      else if (document.activeElement === document.body && current) document.getElementById(current)?.focus();
    }
  });
  furnish();
})();
