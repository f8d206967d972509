// The desk's keys. They are letters, so they can be switched off in the account, and never act while somebody types.

import { nextToCheck, open, step, wide } from "./desk-claims.js";
import { close, log } from "./desk-log.js";
import { choose } from "./desk-select.js";

const main = document.querySelector(".desk-main");
const sheet = document.getElementById("keys");
const says = document.getElementById("desk-says");
const on = "shortcuts" in main.dataset;
const typing = (element) => element?.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

const say = (words) => { says.textContent = words; };

// without room for the pane, what it would show of the claim in the bar is a page
const leave = (to) => { if (open()) location.assign(`${main.dataset.log}${open()}/${to}`); };
const NARROW = { e: () => leave("evidence/"), v: () => leave("?verdict=1") };

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  n: () => say(nextToCheck() ? "" : says.dataset.none),
  c: () => (says.dataset.refused ? say(says.dataset.refused) : log()),
  s: () => choose("sentence", 1),
  S: () => choose("sentence", -1),
  w: () => choose("word", 1),
  W: () => choose("word", -1),
  "?": () => (sheet.open ? sheet.close() : sheet.showModal()),
};

// before others hear of it: j and k go on from the claim that was asked for, not from the one that has come
document.addEventListener("keydown", (event) => {
  if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const act = KEYS[event.key] ?? (wide() ? undefined : NARROW[event.key]);
  if (!act || (sheet.open && event.key !== "?")) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || sheet.open) return;
  if (document.querySelector("#claim [data-logging] form")) close();
});
