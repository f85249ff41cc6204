// The manners of the page around Gradio: what is chosen, copied, rated and asked again, the card
// at a citation, the clock, and what is new. reader.js comes before it.
(() => {
  "use strict";

  const POLL = { loading: 700, usual: 5000 }; // milliseconds between two looks at how things stand
  const ADDRESS = "\ue000"; // stands in Markdown where the address of this page belongs
  const { make, button } = zeilentreu;
  const find = (path) => document.querySelector(path);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  // A change of the page that is none must not be one: observers would call each other for ever.
  const say = (node, text) => node && node.textContent !== text && (node.textContent = text);
  let texts;

  // --- What a question is asked of, and instead of what ---------------------------------------

  const chosen = new Set(); // ids of articles
  let instead = false; // the next question replaces the last one

  const scope = () => ({
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
  function showScope() {
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
      parts.push(button("link", texts.cancel, () => edit(false)));
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

  // Gradio calls this when a question is sent.
  zeilentreu.given = () => {
    const given = JSON.stringify({ scope: scope(), instead });
    asked();
    if (instead) edit(false, true);
    return given;
  };

  // --- What can be done with an answer ---------------------------------------------------------

  let rating = null;
  zeilentreu.rating = () => JSON.stringify(rating);

  const turns = () => [...document.querySelectorAll("#log .turn")];
  const markdown = (turn) =>
    turn.dataset.markdown.replaceAll(ADDRESS, location.origin + location.pathname);

  function type(text) {
    const box = find("#question textarea");
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }

  function edit(on, sent) {
    instead = on;
    if (on) type(turns().at(-1).querySelector(".asked").lastChild.textContent);
    else if (!sent) type("");
    showScope();
    if (!rows().length) hint(0, 0);
  }

  zeilentreu.copy = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const box = make("textarea", "sr", text); // pages that come without https have no clipboard
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  };

  const acts = {
    copy: async (pressed, turn) => {
      await zeilentreu.copy(markdown(turn));
      pressed.textContent = texts.copied;
      setTimeout(() => (pressed.textContent = texts.copy), 2000);
    },
    redo: () => (asked(), find("#redo").click()),
    edit: () => edit(true),
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
    if (event.target.closest?.("#new") && instead) edit(false);
    const language = event.target.closest?.("#language a");
    if (language) language.hash = location.hash;
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
  function refocus() {
    if (!focused?.act || document.activeElement !== document.body) return;
    const turn = turns().find((each) => each.dataset.id === focused.id);
    const target = turn && actsIn(turn).find((each) => each.dataset.act === focused.act);
    target?.focus({ preventScroll: true });
  }

  // --- The card at a citation ------------------------------------------------------------------

  let card, cardOf, hiding;
  function showCard(link) {
    clearTimeout(hiding);
    if (cardOf === link) return;
    card.replaceChildren(make("q", "", link.dataset.quote), make("p", "", link.dataset.place));
    cardOf = link;
    card.hidden = false;
    link.setAttribute("aria-describedby", card.id);
    const at = link.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left - 24), innerWidth - size.width - 8);
    const below = at.bottom + size.height + 12 < innerHeight;
    card.style.left = `${Math.max(8, left)}px`;
    card.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - size.height - 6)}px`;
  }
  function hideCard() {
    cardOf?.removeAttribute("aria-describedby");
    cardOf = null;
    card.hidden = true;
  }
  for (const kind of ["mouseover", "focusin"])
    document.addEventListener(kind, (event) => {
      if (!card) return;
      const link = event.target.closest?.(".cite");
      if (link) showCard(link);
      else if (event.target.closest?.("#card")) clearTimeout(hiding);
      else if (cardOf) (clearTimeout(hiding), (hiding = setTimeout(hideCard, 150)));
    });
  document.addEventListener("scroll", () => cardOf && hideCard(), true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && cardOf && hideCard());

  // --- The clock -------------------------------------------------------------------------------

  let begun = 0;
  const asked = () => (begun = performance.now());
  function tick() {
    const clock = find("#live .clock");
    if (!clock) return;
    const seconds = Math.floor((performance.now() - begun) / 1000);
    say(clock, fill(texts.seconds, { seconds }));
  }

  // --- What is new -----------------------------------------------------------------------------

  let known; // how things stood when we looked last; null: nobody answered
  let version; // of the index
  async function look() {
    let wait = POLL.usual;
    try {
      const reply = await fetch("/stand", { cache: "no-store" });
      if (!reply.ok) throw new Error(reply.status);
      const now = await reply.json();
      if (known === null || known?.loading) if (!now.loading) find("#refresh").click();
      if (known === null) tell("");
      if (version && now.index && version !== now.index) {
        find("#refresh").click();
        tell(texts.new_index);
      }
      version = now.index || version;
      if (now.loading) {
        wait = POLL.loading;
        const { what, percent, download } = now.loading;
        const key = `${download ? "download" : "loading"}_${what}`;
        say(loading, texts[key] + (percent === null ? "" : ` ${percent} %`));
      } else say(loading, "");
      known = now;
    } catch {
      if (known) tell(texts.gone);
      known = null;
    }
    setTimeout(look, wait);
  }

  const news = make("p", "news");
  const loading = make("p", "loading");
  news.setAttribute("role", "status");
  const tell = (text) => say(news, text);

  // --- The start -------------------------------------------------------------------------------

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

  function begin() {
    const needed = ["reader", "scroll", "composer", "log", "live", "articles"];
    const parts = needed.map((id) => document.getElementById(id));
    if (parts.includes(null)) return false;
    const [reader, pane, composer, log, live, articles] = parts;
    texts = JSON.parse(reader.dataset.texts);
    document.documentElement.lang = texts.language;
    follow(pane);
    new MutationObserver(refocus).observe(log, { childList: true, subtree: true });
    new MutationObserver(showScope).observe(articles, { childList: true, subtree: true });
    new MutationObserver(tick).observe(live, { childList: true, subtree: true });
    composer.prepend(news);
    composer.append(loading);
    card = make("div");
    card.id = "card";
    card.hidden = true;
    card.setAttribute("role", "tooltip");
    document.body.append(card);
    // The pressed button is about to disappear: keep the focus where the next question goes.
    document.addEventListener("click", (event) => {
      const pressed = event.target.closest?.("#ask, #stop") && matchMedia("(hover: hover)").matches;
      if (pressed) find("#question textarea").focus();
    });
    setInterval(tick, 250);
    showScope();
    look();
    return true;
  }

  if (!begin()) {
    const waiting = new MutationObserver(() => begin() && waiting.disconnect());
    waiting.observe(document.documentElement, { childList: true, subtree: true });
  }
})();
