// The article viewer: opens an article at a place, and leads from one citation to the next.
// Article text is only ever put in with textContent; nothing here builds HTML from strings.

import { button, confirm, copy, fill, make, texts } from "./dom.js";

const BLOCK = 50; // lines that the browser lays out together, only when they come into view
let reader, opened, cameFrom;

// "#artikel=ID&zeile=A-B&von=S&bis=E&fassung=V" -> place, or null for any other hash
function parse(hash) {
  if (!hash.startsWith("#artikel=")) return null;
  const given = {};
  for (const part of hash.slice(1).split("&")) {
    const at = part.indexOf("=");
    try {
      given[part.slice(0, at)] = decodeURIComponent(part.slice(at + 1));
    } catch {
      return null;
    }
  }
  const lines = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(given.zeile || "");
  const number = (text) => (/^\d{1,12}$/.test(text || "") ? Number(text) : null);
  const first = lines ? Number(lines[1]) : null;
  return {
    id: given.artikel,
    first,
    last: lines ? Number(lines[2] || lines[1]) : null,
    start: number(given.von),
    end: number(given.bis),
    version: given.fassung || null,
  };
}

async function fetchArticle(id) {
  const reply = await fetch("/artikel?id=" + encodeURIComponent(id));
  if (reply.status === 404) throw new Error(texts.article_unknown);
  if (!reply.ok) throw new Error(texts.article_failed);
  return reply.json();
}

async function open(place, quote, from) {
  const asked = (opened = { ...place });
  cameFrom = from || cameFrom;
  for (const old of document.querySelectorAll("[aria-current]")) old.removeAttribute("aria-current");
  from?.setAttribute("aria-current", "true");
  document.body.classList.add("reading");
  const slow = setTimeout(
    () => opened === asked && frame(null).append(make("p", "aside", texts.article_loading)),
    150
  );
  let article;
  try {
    article = await fetchArticle(place.id);
  } catch (error) {
    const known = [texts.article_unknown, texts.article_failed];
    if (opened === asked) {
      frame(null).append(
        make("p", "problem", known.includes(error.message) ? error.message : texts.article_failed)
      );
      reveal(reader, null);
    }
    return;
  } finally {
    clearTimeout(slow);
  }
  if (opened !== asked) return; // another click was faster
  draw(article, place, quote);
}

// The viewer's head and an empty body below it, which is returned.
function frame(article, place) {
  const head = make("div", "reader-head");
  const buttons = make("div", "reader-buttons");
  buttons.append(button("link", texts.all_articles, closeArticle));
  buttons.append(...steps());
  if (place) buttons.append(button("link", texts.copy_link, copyLink));
  buttons.append(button("link back", texts.back, goBack));
  head.append(buttons);
  if (article) {
    head.append(make("h2", "", article.title));
    head.append(make("p", "facts", facts(article)));
    if (place && place.first) head.append(make("p", "place", lineName(place)));
  }
  const body = make("div", "reader-body");
  reader.replaceChildren(head, body);
  return body;
}

function facts({ author, publisher, date }) {
  const [year, month, day] = (date || "").split("-");
  const numbers = { day: Number(day), month: Number(month), year, iso: date };
  const shown = date && fill(texts.date, numbers);
  return [author, publisher, shown].filter(Boolean).join(" · ");
}

// The citations of the answer that the reader came from, each place once.
function citations() {
  const turn = cameFrom?.closest(".turn");
  const seen = new Set();
  return [...(turn?.querySelectorAll(".cite") || [])].filter((link) => {
    const place = link.getAttribute("href");
    return !seen.has(place) && seen.add(place);
  });
}

const here = (links) =>
  links.findIndex((link) => link.getAttribute("href") === cameFrom.getAttribute("href"));

function step(by) {
  const links = citations();
  const next = links[here(links) + by];
  if (next && here(links) >= 0) next.click();
}

// Two buttons and where we are between them; nothing if no answer or only one place is open.
function steps() {
  const links = citations();
  const at = cameFrom ? here(links) : -1;
  if (at < 0 || links.length < 2) return [];
  const back = button("link step", "‹", () => step(-1));
  const on = button("link step", "›", () => step(1));
  back.setAttribute("aria-label", texts.previous);
  on.setAttribute("aria-label", texts.next);
  back.title = on.title = texts.keys;
  back.disabled = at === 0;
  on.disabled = at === links.length - 1;
  const said = fill(texts.place_of, { number: at + 1, count: links.length });
  const group = make("span", "steps");
  group.append(back, make("span", "", said), on);
  return [group];
}

async function copyLink(event) {
  await copy(location.href);
  confirm(event.target, texts.copy_link);
}

const lineName = ({ first, last }) =>
  fill(first === last ? texts.line : texts.lines, { first, last });

// The blocks around the place first, then, while the reader already reads, all others.
function draw(article, place, quote) {
  const body = frame(article, place);
  const lines = make("div", "lines");
  lines.setAttribute("role", "region");
  lines.setAttribute("aria-label", texts.article_lines);
  lines.tabIndex = 0;
  const count = article.lines.length;
  lines.style.setProperty("--digits", String(count).length);
  const first = place.first && place.first <= count ? place.first : null;
  const last = first ? Math.min(place.last, count) : 0;
  const hit = { row: null, mark: null, said: [] };
  const blocks = [];
  for (let n = 1; n <= count; n += BLOCK) {
    const block = make("div", "block-of-lines");
    block.style.setProperty("--rows", Math.min(BLOCK, count - n + 1));
    lines.append(block);
    blocks.push(block);
  }
  const drawBlock = (b) => {
    const end = Math.min((b + 1) * BLOCK, count);
    for (let n = b * BLOCK + 1; n <= end; n++)
      blocks[b].append(drawLine(article, n, n >= first && n <= last ? place : null, hit));
  };
  const of = (line) => Math.floor((line - 1) / BLOCK);
  const near = (b) => b >= of(first || 1) - 2 && b <= of(last || 1) + 2;
  const order = [...blocks.keys()];
  order.filter(near).forEach(drawBlock);
  if (place.first && !first) body.append(make("p", "problem", texts.place_missing));
  if (first && quote && hit.said.join("\n") !== quote.replace(/\r(?=\n|$)/g, ""))
    body.append(make("p", "problem", texts.article_changed));
  else if (!quote && place.version && place.version !== article.version)
    body.append(make("p", "problem", texts.link_changed));
  body.append(lines);
  reveal(hit.row || reader, hit.mark);
  const rest = order.filter((b) => !near(b));
  const more = () => {
    const pause = performance.now() + 12;
    while (rest.length && performance.now() < pause) drawBlock(rest.shift());
    if (rest.length && lines.isConnected) setTimeout(more);
  };
  setTimeout(more, 50);
}

// One line with its number; ``place`` if it is cited, and then ``hit`` learns what was found.
function drawLine(article, n, place, hit) {
  const row = make("div", "row");
  row.append(make("span", "no", String(n)));
  const text = article.lines[n - 1].replace(/\r$/, "");
  const cell = make("span", "text", text);
  row.append(cell);
  if (!place) return row;
  row.classList.add("cited");
  hit.row = hit.row || row;
  const [before, inside, after] = cut(article, n, text, place);
  hit.said.push(inside);
  const whole = before.trim() === "" && after.trim() === "" && place.first !== place.last;
  if (inside && !whole) {
    const mark = make("mark", "", inside);
    cell.replaceChildren(before, mark, after);
    hit.mark = hit.mark || mark;
  }
  return row;
}

// The part of line n before, inside and after the cited span. Offsets count Unicode characters,
// a JavaScript string counts UTF-16 units: hence Array.from.
function cut(article, n, text, place) {
  if (place.start === null || place.end === null) return ["", "", text];
  const characters = Array.from(text);
  const at = article.starts[n - 1];
  const from = Math.min(Math.max(place.start - at, 0), characters.length);
  const to = Math.min(Math.max(place.end - at, from), characters.length);
  const part = (a, b) => characters.slice(a, b).join("");
  return [part(0, from), part(from, to), part(to)];
}

function reveal(target, mark) {
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  const goal = mark && mark.getBoundingClientRect().height < 300 ? mark : target;
  goal.scrollIntoView({ block: target === reader ? "start" : "center" });
}

function closeArticle() {
  document.body.classList.remove("reading");
  opened = null;
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("#articles a")?.focus();
}

function goBack() {
  const target = cameFrom && cameFrom.isConnected ? cameFrom : document.querySelector("#question textarea");
  target?.scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[href^='#artikel=']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const place = parse(link.getAttribute("href"));
    if (!place) return;
    event.preventDefault();
    event.stopPropagation();
    if (location.hash !== link.getAttribute("href"))
      history.pushState(null, "", link.getAttribute("href"));
    open(place, link.dataset.quote, link);
  },
  true
);

document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#reader") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") goBack();
  if (event.key === "ArrowRight") step(1);
  if (event.key === "ArrowLeft") step(-1);
});

function openHash() {
  const place = parse(location.hash);
  cameFrom = document.querySelector(`.cite[href="${CSS.escape(location.hash)}"]`);
  if (place) open(place);
  else document.body.classList.remove("reading");
}

export function startReader(node) {
  reader = node;
  reader.setAttribute("role", "complementary");
  reader.setAttribute("aria-label", texts.viewer);
  window.addEventListener("hashchange", openHash);
  window.addEventListener("popstate", openHash);
  openHash();
}
