// What can be done with an answer: copy, save, rate, ask anew or on.

import { startClock } from "./clock.js";
import { confirm, copy, find, make, texts, type } from "./dom.js";
import { edit, instead } from "./scope.js";

const ADDRESS = "\ue000"; // stands in Markdown where the address of this page belongs

let rating = null;
export const givenRating = () => JSON.stringify(rating);

const turns = () => [...document.querySelectorAll("#log .turn")];
const markdown = (turn) =>
  turn.dataset.markdown.replaceAll(ADDRESS, location.origin + location.pathname);

const acts = {
  copy: async (pressed, turn) => {
    await copy(markdown(turn));
    confirm(pressed, texts.copy);
  },
  redo: () => (startClock(), find("#redo").click()),
  edit: () => edit(turns().at(-1).querySelector(".asked").lastChild.textContent),
  up: (_, turn) => rate(turn, "up"),
  down: (_, turn) => rate(turn, "down"),
  ask: (pressed) => {
    type(pressed.textContent);
    setTimeout(() => find("#ask").click());
  },
};

function rate(turn, given, reason) {
  rating = { id: turn.dataset.id, rating: given, reason: reason || "" };
  find("#rate").click();
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("#log [data-act]");
  if (pressed) acts[pressed.dataset.act](pressed, pressed.closest(".turn"));
  if (event.target.closest?.("#export")) save();
  if (event.target.closest?.("#new") && instead) edit(null);
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form.reason");
  if (!form) return;
  event.preventDefault();
  const turn = form.closest(".turn");
  const reason = form.elements.reason.value.trim();
  const given = turn.querySelector("[aria-pressed=true]").dataset.act;
  if (reason) rate(turn, given, reason);
});

function save() {
  const parts = turns().map(markdown).filter(Boolean);
  const day = new Date().toISOString().slice(0, 10);
  const file = new Blob([`# ${texts.title}, ${day}\n\n${parts.join("\n---\n\n")}`], {
    type: "text/markdown",
  });
  const link = make("a");
  link.href = URL.createObjectURL(file);
  link.download = `zeilentreu-${day}.md`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// The conversation is drawn anew when something of it changes: keep the focus where it was.
let focused = null;
const actsIn = (turn) => [...turn.querySelectorAll("[data-act], form.reason input")];
document.addEventListener("focusin", (event) => {
  const turn = event.target.closest?.("#log .turn");
  focused = turn && { id: turn.dataset.id, act: event.target.dataset.act };
});
export function refocus() {
  if (!focused?.act || document.activeElement !== document.body) return;
  const turn = turns().find((each) => each.dataset.id === focused.id);
  const target = turn && actsIn(turn).find((each) => each.dataset.act === focused.act);
  target?.focus({ preventScroll: true });
}
