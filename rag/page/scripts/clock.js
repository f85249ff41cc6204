// The seconds since a question was asked, while its answer is made.

import { fill, find, say, texts } from "./dom.js";

let begun = 0;
export const startClock = () => (begun = performance.now());
export function tick() {
  const clock = find("#live .clock");
  if (!clock) return;
  const seconds = Math.floor((performance.now() - begun) / 1000);
  say(clock, fill(texts.seconds, { seconds }));
}
