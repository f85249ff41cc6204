// What all scripts of the page need: the page's texts, finding and making of elements.

export const texts = {}; // filled when the page is there

export const find = (path) => document.querySelector(path);

export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

// A change of the page that is none must not be one: observers would call each other for ever.
export const say = (node, text) =>
  node && node.textContent !== text && (node.textContent = text);

export function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

export function button(name, text, act) {
  const node = make("button", name, text);
  node.type = "button";
  node.onclick = act;
  return node;
}

export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = make("textarea", "sr", text); // pages that come without https have no clipboard
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

// "Copied" for a moment, on the button that was pressed.
export function confirm(pressed, usual) {
  pressed.textContent = texts.copied;
  setTimeout(() => (pressed.textContent = usual), 2000);
}

export function type(text) {
  const box = find("#question textarea");
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}
