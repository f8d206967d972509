// The desk's keys. They are letters, so they can be switched off in the account, and never act while somebody types.

import { nextToCheck, step } from "./desk-claims.js";
import { close, log } from "./desk-log.js";

const main = document.querySelector(".desk-main");
const sheet = document.getElementById("keys");
const says = document.getElementById("desk-says");
const on = "shortcuts" in main.dataset;
const typing = (element) => element?.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

const say = (words) => { says.textContent = words; };

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  n: () => say(nextToCheck() ? "" : says.dataset.none),
  c: () => (says.dataset.refused ? say(says.dataset.refused) : log()),
  "?": () => (sheet.open ? sheet.close() : sheet.showModal()),
};

// before others hear of it: j and k go on from the claim that was asked for, not from the one that has come
document.addEventListener("keydown", (event) => {
  if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (!KEYS[event.key] || (sheet.open && event.key !== "?")) return;
  event.preventDefault();
  event.stopPropagation();
  KEYS[event.key]();
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || sheet.open) return;
  if (document.querySelector("#claim [data-logging] form")) close();
});
