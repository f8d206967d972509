// “Add evidence” by keyboard: from the search to the sources found. Enter takes the first and goes on to its words;
// Down goes among them, and Enter there attaches.

const found = (search) => document.getElementById(`found-${search.dataset.pick}`);
const radios = (search) => [...found(search).querySelectorAll("input[type=radio]")];
let waiting = null; // the key pressed in a search before its answer had come, and the search

function pick(radio) {
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function take(search, key) {
  const first = radios(search)[0];
  if (!first || (key === "Enter" && first.value === "new")) return;
  pick(first);
  const words = search.form.elements.namedItem(search.dataset.pick === "source" ? "quote" : "origin");
  if (key === "ArrowDown" || !words?.focus) {
    first.focus();
    return;
  }
  words.focus();
  const says = found(search).querySelector("[role=status]");
  says.textContent = `${found(search).dataset.picked} ${first.labels[0].querySelector("b").textContent}`;
}

document.addEventListener("keydown", (event) => {
  const search = event.target.closest?.("[data-pick]");
  waiting = null;
  if (!search || event.isComposing || event.ctrlKey || event.metaKey || !["Enter", "ArrowDown"].includes(event.key)) return;
  // Enter in a search never sends the whole form
  event.preventDefault();
  if (found(search).dataset.words === search.value) take(search, event.key);
  else waiting = { search, key: event.key };
});

// what was asked for before the answer came is done with the answer, if the focus is still there
document.addEventListener("htmx:after:settle", () => {
  if (!waiting || document.activeElement !== waiting.search || found(waiting.search).dataset.words !== waiting.search.value) return;
  const { search, key } = waiting;
  waiting = null;
  take(search, key);
});

// An address that was looked for is the new source's, and is not to be typed twice; what somebody wrote there stays.
document.addEventListener("input", (event) => {
  const search = event.target.closest?.('[data-pick="source"]');
  const address = search?.form.elements.namedItem("url");
  if (!address || (address.value && address.value !== address.dataset.from)) return;
  const words = search.value.trim();
  address.value = address.dataset.from = /^https?:\/\/\S+$/i.test(words) ? words : "";
  address.dispatchEvent(new Event("input", { bubbles: true }));
});
