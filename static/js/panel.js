// The Claim panel: its keys, and where the focus and the eyes go when it changes.

const region = () => document.getElementById("claim");
const typing = (element) => element?.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

// The foot's first field that is still to be filled; if none is, the first; without fields its summary.
function toVerdict() {
  const foot = region()?.querySelector(".verdict-foot");
  if (!foot) return;
  foot.querySelector("details").open = true;
  const missing = foot.querySelector(".gates:not([hidden]) > .gate-missing[data-field]");
  const field = missing && foot.elements.namedItem(missing.dataset.field);
  (field ?? foot.querySelector(".foot-fields :is(select, textarea)") ?? foot.querySelector("summary")).focus();
}

function press(key) {
  const search = region().querySelector("[data-pick=source]");
  if (key === "v") toVerdict();
  else if (key === "e" && search) search.focus();
  else region().querySelector(`[data-key="${key}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!region()?.querySelector("[data-keys]") || typing(event.target) || !["e", "v", "j", "k"].includes(event.key)) return;
  event.preventDefault();
  press(event.key);
});

// Ctrl+Enter sends the form that has the focus, by its first button.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.defaultPrevented) return;
  const form = event.target.closest?.("#claim form");
  const button = form?.querySelector("[data-main]") ?? form?.querySelector('button[type="submit"]');
  if (!button) return;
  event.preventDefault();
  button.click();
});

// Escape closes the form that has the focus; what was typed into it is kept as a draft.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !region()?.contains(event.target)) return;
  const foot = event.target.closest(".verdict-foot details[open]");
  if (foot) {
    foot.open = false;
    foot.querySelector("summary").focus();
  } else {
    event.target.closest("form")?.querySelector("[data-close]")?.click();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.('#claim a[href="#verdict"]')) {
    event.preventDefault();
    toVerdict();
  }
});

// --- after the panel was changed -----------------------------------------------------------------

let shown = region()?.querySelector("[data-claim]")?.dataset.claim;

// The first field that was refused has the focus, unless a notice above says it all.
function toRefused() {
  const panel = region();
  if (!panel?.querySelector('[role="alert"]')) panel?.querySelector('[aria-invalid="true"]')?.focus();
}

document.addEventListener("htmx:after:settle", (event) => {
  const panel = region();
  const claim = panel?.querySelector("[data-claim]")?.dataset.claim;
  if (!claim || event.target !== panel) return;
  if (claim !== shown) {
    panel.scrollTop = 0;
    if (panel.closest(".claim-page")) scrollTo(0, 0);
  }
  // what had the focus is gone: it stays in the region, so that the next key or Tab goes on from there
  if (claim !== shown || document.activeElement === document.body) {
    if (!panel.contains(document.activeElement) || document.activeElement === document.body) panel.focus({ preventScroll: true });
  }
  shown = claim;
  toRefused();
});

toRefused();

if (location.hash === "#verdict") toVerdict();
// an address that names a place in the page takes the focus from the field that is to have it
else if (location.hash) addEventListener("load", () => requestAnimationFrame(() => region()?.querySelector("[autofocus]")?.focus()));
