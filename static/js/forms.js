// A form is sent once, however often the button is pressed. Without script the server sees to it (request_id).
// A form with data-again may be sent as often as somebody likes (downloads).

const PAUSE = 8000; // after this long without an answer somebody may press again
const sent = new WeakMap();

function release(form) {
  sent.delete(form);
  form.removeAttribute("aria-busy");
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "again" in form.dataset) return;
  if (event.submitter?.getAttribute("aria-disabled") === "true" || Date.now() - (sent.get(form) ?? 0) < PAUSE) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sent.set(form, Date.now());
  form.setAttribute("aria-busy", "true");
  setTimeout(() => form.isConnected && release(form), PAUSE);
}, true);

// back from the browser's memory the page is as it was left: busy
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[aria-busy]").forEach(release);
});

document.addEventListener("htmx:finally:request", (event) => {
  const source = event.detail.ctx?.sourceElement;
  // an address that is fetched ahead is not the form
  const form = source?.matches?.("[data-ahead]") ? null : source?.closest?.("form");
  if (form) release(form);
});

// the list of teams closes when the focus or a click goes elsewhere
function closeTeams(event) {
  const open = document.querySelector(".teams[open]");
  if (open && (event.key === "Escape" || (event.type !== "keydown" && !open.contains(event.target)))) {
    open.open = false;
    if (event.key === "Escape") open.querySelector("summary").focus();
  }
}
for (const kind of ["click", "focusin", "keydown"]) document.addEventListener(kind, closeTeams);
