// The open claim: which it is, where it stands in the text, and the way to another one.
// With room for two panes the right one shows it and the address follows; without, a claim is a page of its own and the
// bar at the foot leads to it.

const main = document.querySelector(".desk-main");
const text = document.getElementById("text");
const pane = document.getElementById("claim");
const bar = document.getElementById("claim-bar");
const wideEnough = matchMedia("(min-width: 64rem) and (min-height: 34rem)");
const CLAIM = /^\/articles\/\d+\/claims\/(\d+)\/$/;

let current = shown();
let coming = null; // the claim that is under way into the pane

export const wide = () => wideEnough.matches;
export const open = () => current;

// which claim the pane shows
function shown() {
  const number = document.querySelector("#claim [data-claim]")?.dataset.claim ?? new URLSearchParams(location.search).get("claim");
  return number ? Number(number) : null;
}

const numberOf = (link) => Number(CLAIM.exec(link.pathname)?.[1]);
const links = () => [...text.querySelectorAll(".tie a.no")];

// the claims in the order of the text, each once
export const order = () => [...new Set(links().map(numberOf))];

export const linkOf = (number) => links().find((link) => numberOf(link) === number);

// --- where it stands -----------------------------------------------------------------------------

export function mark(number) {
  current = number;
  unmark(number);
  if (number === null) return;
  for (const one of text.querySelectorAll(`[data-claim="${number}"]`)) one.setAttribute("aria-current", "true");
  showInBar(number);
}

// While something else than a claim stands in the pane no claim is open; the one that was is opened again afterwards.
function unmark(except) {
  for (const one of text.querySelectorAll("[aria-current]")) {
    if (Number(one.dataset.claim) !== except) one.removeAttribute("aria-current");
  }
}

// Bring a place into sight: in its pane, or on a small screen in the page.
export function show(id) {
  const place = document.getElementById(id);
  if (!place) return;
  const box = place.getBoundingClientRect();
  const [top, bottom] = wide() ? [text.getBoundingClientRect().top, text.getBoundingClientRect().bottom] : [0, innerHeight];
  if (box.top >= top + 16 && box.bottom <= bottom - 64) return;
  if (wide()) text.scrollTop += box.top - top - text.clientHeight / 3;
  else scrollBy({ top: box.top - innerHeight / 3, behavior: "instant" });
}

function showInBar(number) {
  const numbers = order();
  const at = numbers.indexOf(number);
  const link = linkOf(number);
  const middle = bar?.querySelector(".claim-bar-open .no");
  if (!middle || !link) return;
  for (const [step, beside] of [["previous", numbers[at - 1]], ["next", numbers[at + 1]]]) {
    const to = bar.querySelector(`[data-step=${step}]`);
    to.hidden = beside === undefined;
    if (beside === undefined) continue;
    to.href = `?claim=${beside}#c${beside}`;
    to.dataset.to = beside;
    to.querySelector("[data-number]").textContent = beside;
  }
  middle.textContent = number;
  for (const name of ["status", "verdict"]) {
    if (link.dataset[name]) middle.dataset[name] = link.dataset[name];
    else delete middle.dataset[name];
  }
  middle.parentElement.href = link.pathname;
  const note = text.querySelector(`.margin [data-claim="${number}"]`);
  const word = note?.querySelector(".margin-state") ?? note?.querySelector(".margin-word");
  if (word) bar.querySelector("[data-said]").textContent = word.textContent;
}

// --- to another claim ----------------------------------------------------------------------------

const addressOf = (number) => (number ? `${main.dataset.desk}?claim=${number}` : main.dataset.desk);

function say(address, push) {
  if (location.pathname + location.search === address) return;
  // htmx: true, so that Back opens the page of that address
  history[push ? "pushState" : "replaceState"]({ htmx: true }, "", address);
}

// Open a claim: marked at once, its panel as soon as it comes. With `push` Back leads to the one before.
export async function go(number, push = false) {
  if (!number) return;
  mark(number);
  show(`c${number}`);
  if (!wide()) {
    say(addressOf(number), false);
    return;
  }
  coming = { number, push };
  const mine = coming;
  await htmx.ajax("GET", `${main.dataset.log}${number}/`, { source: pane, target: pane, swap: "innerHTML" });
  // refused, or no answer came: what the pane shows is open, whatever was asked for
  if (coming === mine) {
    coming = null;
    mark(shown());
  }
}

// The pane without what was under way in it: the claim that was open, or what to do.
export async function back() {
  if (current) await go(current);
  else await htmx.ajax("GET", main.dataset.desk, { source: pane, target: pane, swap: "innerHTML" });
}

export function step(by) {
  const numbers = order();
  const at = current === null ? -1 : numbers.indexOf(current);
  go(numbers[at < 0 ? (by > 0 ? 0 : numbers.length - 1) : at + by]);
}

// The next one To check after the open one, from the end round to the first; whether there is another.
export function nextToCheck() {
  const numbers = order();
  const at = numbers.indexOf(current);
  const next = [...numbers.slice(at + 1), ...numbers.slice(0, Math.max(at, 0))].find(
    (number) => linkOf(number).dataset.status === "open",
  );
  if (next) go(next);
  return Boolean(next);
}

// A number, a note in the margin, a step or any other link to a claim of this article.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.dataset.to && !wide()) take(event, () => go(Number(link.dataset.to)));
  else if (link.dataset.show && wide() && document.getElementById(link.dataset.show)) take(event, () => show(link.dataset.show));
  else if (wide() && leads(link)) take(event, () => go(numberOf(link), !link.dataset.go));
}, true);

const leads = (link) =>
  link.pathname.startsWith(main.dataset.log) && numberOf(link) && !link.search && (link.dataset.go || !link.hasAttribute("hx-get"));

function take(event, then) {
  event.preventDefault();
  event.stopPropagation();
  then();
}

// --- after the pane or the text was changed ------------------------------------------------------

document.addEventListener("htmx:after:swap", () => {
  const number = pane.querySelector("[data-claim]") ? shown() : current;
  const push = coming?.number === number && coming.push;
  if (coming?.number === number) coming = null;
  if (coming) return;
  if (number !== current) show(`c${number}`);
  mark(number);
  if (pane.querySelector("[data-logging]")) unmark();
  if (pane.querySelector("[data-claim]")) say(addressOf(number), push);
});

const named = Number(/^#c(\d+)/.exec(location.hash)?.[1]);
if (named && named !== current) go(named);
else if (current) {
  mark(current);
  if (wide() && !location.hash) show(`c${current}`);
}

// What the desk shows already need not come again: an answer brings what acts changed since.
document.addEventListener("htmx:config:request", (event) => {
  const shown = document.querySelector("#progress [data-seen]");
  if (shown) event.detail.ctx.request.headers["Galley-Seen"] = shown.dataset.seen;
});
