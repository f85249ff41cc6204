// Which articles the next question is asked of, and whether it replaces the last one.

import { button, fill, find, make, say, texts, type } from "./dom.js";

const chosen = new Set(); // ids of articles
export let instead = false; // the next question replaces the last one

export const scope = () => ({
  articles: [...chosen],
  publishers: [find("#publisher")?.value].filter(Boolean),
  since: find("#since")?.value || "",
  until: find("#until")?.value || "",
});

const rows = () => [...document.querySelectorAll("#articles li")];
const idOf = (row) => row.querySelector("input")?.value;

function inScope(row, { articles, publishers, since, until }) {
  const day = row.dataset.date;
  if (articles.length && !articles.includes(idOf(row))) return false;
  if (publishers.length && !publishers.includes(row.dataset.publisher)) return false;
  return !(since || until) || (day && (!since || day >= since) && (!until || day <= until));
}

// Shows the articles that were looked for, and says what is asked.
export function showScope() {
  const all = rows();
  if (!all.length) return;
  for (const id of [...chosen]) if (!all.some((row) => idOf(row) === id)) chosen.delete(id);
  const words = (find("#find")?.value || "").toLowerCase().split(/\s+/).filter(Boolean);
  const now = scope();
  const beside = { ...now, articles: [] };
  let shown = 0;
  for (const row of all) {
    const text = row.textContent.toLowerCase() + " " + (idOf(row) || "").toLowerCase();
    row.hidden = !(words.every((word) => text.includes(word)) && inScope(row, beside));
    shown += !row.hidden;
    const box = row.querySelector("input");
    if (box) box.checked = chosen.has(box.value);
  }
  say(find("#found"), shown ? "" : texts.find_none);
  hint(all.filter((row) => inScope(row, now)).length, all.length);
}

// The line above the question box.
function hint(count, all) {
  const place = find("#hint .html-container, #hint .prose") || find("#hint");
  if (!place) return;
  const parts = [];
  if (instead) {
    parts.push(make("span", "", texts.editing));
    parts.push(button("link", texts.cancel, () => edit(null)));
  }
  if (count !== all) {
    parts.push(make("span", "", fill(texts.scope_some, { count, all })));
    parts.push(button("link", texts.scope_all, askAll));
  }
  place.replaceChildren(...parts);
}

function askAll() {
  chosen.clear();
  for (const name of ["#publisher", "#since", "#until", "#find"])
    if (find(name)) find(name).value = "";
  showScope();
}

document.addEventListener("input", (event) => {
  if (event.target.closest?.("#scope")) showScope();
});
document.addEventListener("change", (event) => {
  const box = event.target.closest?.("#articles li input");
  if (box) box.checked ? chosen.add(box.value) : chosen.delete(box.value);
  if (box || event.target.closest?.("#scope")) showScope();
});

// Begin to change the last question, or no more; a question that was sent stays in its box.
export function edit(question, sent) {
  instead = question !== null;
  if (instead) type(question);
  else if (!sent) type("");
  showScope();
  if (!rows().length) hint(0, 0);
}
