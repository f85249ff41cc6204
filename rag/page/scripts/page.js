// Puts the manners of the page around what Gradio draws, once that is there.

import { givenRating, refocus } from "./answers.js";
import { startCard } from "./card.js";
import { startClock, tick } from "./clock.js";
import { find, texts } from "./dom.js";
import { startNews } from "./news.js";
import { startReader } from "./reader.js";
import { edit, instead, scope, showScope } from "./scope.js";

// Gradio calls these when a question or a rating is sent.
window.zeilentreu = {
  given() {
    const given = JSON.stringify({ scope: scope(), instead });
    startClock();
    if (instead) edit(null, true);
    return given;
  },
  rating: givenRating,
};

const whenChanged = (node, act) =>
  new MutationObserver(act).observe(node, { childList: true, subtree: true });

// Keeps the newest question in view while its answer grows, unless the reader scrolls away.
function follow(pane) {
  let free = false;
  let asked = "";
  for (const kind of ["wheel", "touchmove", "keydown"])
    pane.addEventListener(kind, () => (free = true), { passive: true });
  new MutationObserver(() => {
    const turns = pane.querySelectorAll(".turn");
    const turn = turns[turns.length - 1];
    const name = turns.length + (turn ? turn.querySelector(".asked").textContent : "");
    if (!turn) return;
    if (name !== asked) free = false;
    asked = name;
    if (free) return;
    const question = turn.querySelector(".asked").getBoundingClientRect().top;
    const top = question - pane.getBoundingClientRect().top;
    if (pane.scrollHeight > pane.clientHeight) pane.scrollTop += top - 28;
  }).observe(pane, { childList: true, subtree: true, characterData: true });
}

// The pressed button is about to disappear: keep the focus where the next question goes.
document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("#ask, #stop") && matchMedia("(hover: hover)").matches;
  if (pressed) find("#question textarea").focus();
  const language = event.target.closest?.("#language a");
  if (language) language.hash = location.hash;
});

function begin() {
  const needed = ["reader", "scroll", "composer", "log", "live", "articles"];
  const parts = needed.map((id) => document.getElementById(id));
  if (parts.includes(null)) return false;
  const [reader, pane, composer, log, live, articles] = parts;
  Object.assign(texts, JSON.parse(reader.dataset.texts));
  document.documentElement.lang = texts.language;
  startReader(reader);
  startCard();
  startNews(composer);
  follow(pane);
  whenChanged(log, refocus);
  whenChanged(articles, showScope);
  whenChanged(live, tick);
  setInterval(tick, 250);
  showScope();
  return true;
}

if (!begin()) {
  const waiting = new MutationObserver(() => begin() && waiting.disconnect());
  waiting.observe(document.documentElement, { childList: true, subtree: true });
}
