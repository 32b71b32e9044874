const awakeMs = 0.2;

let until = 0;
let isAwake = false;

/** Looks again and again for what comes next, for a moment, instead of falling asleep. */
export function waitAwake() {
  until = performance.now() + awakeMs;
  if (isAwake) return;
  isAwake = true;
  setImmediate(look);
}

function look() {
  isAwake = performance.now() < until;
  if (isAwake) setImmediate(look);
}
