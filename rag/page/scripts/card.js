// The card that a citation shows when it is pointed at or focused.

import { make } from "./dom.js";

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

export function startCard() {
  card = make("div");
  card.id = "card";
  card.hidden = true;
  card.setAttribute("role", "tooltip");
  document.body.append(card);
}
