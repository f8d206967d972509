// Logging: words selected in the text become the quote of a claim.

import { back, linkOf, mark, open, show, wide } from "./desk-claims.js";
import { forget, keep, restore } from "./desk-draft.js";
import { rangeOf, selected } from "./desk-positions.js";

const main = document.querySelector(".desk-main");
const pane = document.getElementById("claim");
const here = document.getElementById("log-here");
const mayLog = "mayLog" in main.dataset;
let picked = null; // what was selected when the form was asked for
let scrolled = 0; // how far a small screen had scrolled in the text
let landing = null; // the claim that was logged while the text, which comes after the form, does not show it yet

const form = () => document.getElementById("log-form");
const picking = () => form() ?? document.querySelector("#claim form[data-picks]");

// --- the words -----------------------------------------------------------------------------------

// They stay marked in the text while the focus is in the form. Without the browser's highlights they are only in the form.
function draw(place) {
  if (!globalThis.CSS?.highlights) return;
  const range = place && rangeOf(place.start, place.end);
  if (range) CSS.highlights.set("picked", new Highlight(range));
  else CSS.highlights.delete("picked");
}

function place(words) {
  const { quote, statement, start, end } = picking().elements;
  const untouched = statement && (statement.value.trim() === "" || statement.value === quote.value);
  quote.value = words.words;
  start.value = words.start;
  end.value = words.end;
  if (untouched) statement.value = words.words;
  picking().querySelector(".places-found")?.closest("fieldset").remove();
  quote.removeAttribute("aria-invalid");
  quote.closest(".field").querySelector(".error")?.remove();
  const says = document.getElementById("log-selected");
  if (says) says.textContent = says.dataset.words;
  draw(words);
  quote.dispatchEvent(new Event("input", { bubbles: true }));
}

// --- the form ------------------------------------------------------------------------------------

export async function log() {
  if (!mayLog) return;
  picked = selected();
  here.hidden = true;
  if (form()) {
    if (picked) place(picked);
    toStatement();
    return;
  }
  scrolled = scrollY;
  const asked = picked ? `?start=${picked.start}&end=${picked.end}` : "";
  await htmx.ajax("GET", main.dataset.log + asked, { source: pane, target: pane, swap: "innerHTML" });
}

function toStatement() {
  const { quote, statement } = form().elements;
  if (quote.value.trim() === "") {
    quote.focus();
  } else {
    statement.focus();
    // untouched it is only a proposal: typing replaces it
    if (statement.value === quote.value) statement.select();
  }
}

// Close the form; what was typed is kept as a draft.
export function close() {
  draw(null);
  form()?.remove();
  if (wide()) {
    back();
  } else {
    mark(open());
    scrollTo({ top: scrolled, behavior: "instant" });
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-log-open], #claim [data-logging] [data-close]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.matches("[data-log-open]")) log();
  else close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || !form()?.contains(event.target)) return;
  event.preventDefault();
  form().requestSubmit(form().querySelector("button[type=submit]"));
});

document.addEventListener("input", (event) => {
  if (!form()?.contains(event.target)) return;
  keep(form());
  // typed by hand, the quote is looked for anew
  if (!event.isTrusted || event.target !== form().elements.quote) return;
  document.getElementById("log-selected").textContent = "";
  draw(null);
});

// what was logged is no draft any more
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (sourceElement?.id === "log-form" && response?.status === 200) forget(sourceElement);
});

document.addEventListener("htmx:after:settle", (event) => {
  if (event.target !== pane) return;
  if (!form()) draw(null);
  else came(pane.querySelector("[data-logging]").dataset.logged);
  picked = null;
});

// The form has come: for the first time, refused, or fresh after `number` was logged.
function came(number) {
  const refused = form().querySelector('[role="alert"]');
  if (number) {
    landing = Number(number);
  } else if (!refused) {
    if (!("restored" in form().dataset)) restore(form());
    if (picked) place(picked);
    toStatement();
  }
}

document.addEventListener("htmx:after:swap", () => {
  if (landing !== null) logged(landing);
  landing = null;
});

// The claim stands in the text; the eyes and the keys are there again, for the next one.
function logged(number) {
  getSelection().removeAllRanges();
  draw(null);
  if (!wide()) {
    form().remove();
    mark(number);
  }
  show(`c${number}`);
  linkOf(number)?.focus({ preventScroll: true });
}

// --- the button beside the words -----------------------------------------------------------------

let drawing = false; // the pointer draws over the words: a button under it would be where the selection ends

function offer() {
  const words = mayLog && !drawing && !(picking() && wide()) && selected();
  const last = words && [...words.range.getClientRects()].at(-1);
  here.hidden = !last || last.bottom < 0 || last.top > innerHeight;
  if (here.hidden) return;
  const { width, height } = here.getBoundingClientRect();
  here.style.left = `${Math.max(8, Math.min(last.right - width / 2, innerWidth - width - 8))}px`;
  here.style.top = `${Math.max(8, Math.min(last.bottom + 8, innerHeight - height - 8))}px`;
}

let waiting = 0;
function soon() {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(offer);
}

if (here) {
  document.addEventListener("selectionchange", soon);
  document.addEventListener("scroll", soon, { capture: true, passive: true });
  document.addEventListener("pointerdown", (event) => { drawing = !here.contains(event.target); });
  for (const ends of ["pointerup", "pointercancel"]) document.addEventListener(ends, () => { drawing = false; soon(); });
  // pressing the button leaves the selection as it is
  here.addEventListener("pointerdown", (event) => event.preventDefault());
  here.addEventListener("click", log);
}

// with a form open that takes words, others selected take the place of its quote
document.addEventListener("pointerup", () => setTimeout(() => {
  const words = picking() && selected();
  if (words) place(words);
}));

if (form()) {
  const { start, end } = form().elements;
  draw(start.value ? { start: Number(start.value), end: Number(end.value) } : null);
}
