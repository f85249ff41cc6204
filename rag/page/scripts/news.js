// What the page learns while it is open: what is loading, a new index, an application that is gone.

import { find, make, say, texts } from "./dom.js";

const POLL = { loading: 700, usual: 5000 }; // milliseconds between two looks at how things stand

const news = make("p", "news");
const loading = make("p", "loading");
news.setAttribute("role", "status");
const tell = (text) => say(news, text);

let known; // how things stood when we looked last; null: nobody answered
let version; // of the index
async function look() {
  let wait = POLL.usual;
  try {
    const reply = await fetch("/stand", { cache: "no-store" });
    if (!reply.ok) throw new Error(reply.status);
    const now = await reply.json();
    const ready = !now.loading && (known === null || known?.loading);
    const renewed = version && now.index && version !== now.index;
    if (ready || renewed) find("#refresh").click();
    if (known === null) tell("");
    if (renewed) tell(texts.new_index);
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

export function startNews(composer) {
  composer.prepend(news);
  composer.append(loading);
  look();
}
