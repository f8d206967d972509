// The verdict foot while somebody types: the gates of the chosen verdict, the fields it asks for, what is still missing.
// Whether a gate is met that rests on evidence, the server has said; whether a text is there, is seen here.

const NEEDED_FOR = { proposed_wording: "needs-fix", searched: "unprovable" };

const formOf = (element) => element?.closest?.("form[data-verdict-form]");
const field = (form, name) => form.elements.namedItem(name);

function mark(gate, met) {
  for (const part of gate.querySelectorAll("[data-met]")) part.hidden = !met;
  for (const part of gate.querySelectorAll("[data-missing]")) part.hidden = met;
  gate.classList.toggle("gate-missing", !met);
}

// The gates once more, in the summary of the closed foot: a sign and a word each.
function tick(gate, missingWord) {
  const missing = gate.classList.contains("gate-missing");
  const said = document.createElement("span");
  said.className = missing ? "gate-missing" : "gate-met";
  if (gate.dataset.field) said.dataset.field = gate.dataset.field;
  said.append(gate.querySelector(missing ? "[data-missing] > svg" : "[data-met] > svg").cloneNode(true));
  for (const [name, text] of [["visually-hidden", missing ? missingWord : ""], ["gate-word", gate.dataset.word]]) {
    if (text) said.append(Object.assign(document.createElement("span"), { className: name, textContent: text }));
  }
  return said;
}

function refresh(form) {
  const chosen = field(form, "verdict").value;
  for (const list of form.querySelectorAll(".gates")) list.hidden = list.dataset.label !== chosen;
  for (const gate of form.querySelectorAll(".gates > [data-field]")) mark(gate, field(form, gate.dataset.field).value.trim() !== "");
  const gates = form.querySelector(`.gates[data-label="${CSS.escape(chosen)}"]`);
  const ticks = form.querySelector(".gate-ticks");
  ticks.replaceChildren(...[...gates.children].map((gate) => tick(gate, ticks.dataset.missingWord)));
  const hint = form.querySelector(".hint[id$=verdict_helptext]");
  if (hint) hint.textContent = gates.dataset.explanation;
  for (const [name, meaning] of Object.entries(NEEDED_FOR)) {
    // a text that stands there already is never hidden, whatever is chosen
    const area = field(form, name);
    area.closest(".field").hidden = gates.dataset.meaning !== meaning && area.value.trim() === "" && !area.matches(":focus");
  }
  say(form, [...gates.querySelectorAll(".gate-missing")]);
}

function say(form, missing) {
  const place = form.querySelector("#foot-missing");
  if (!place) return;
  place.hidden = missing.length === 0;
  place.querySelector("[data-words]").textContent = missing.map((gate) => gate.dataset.word).join(", ");
  place.parentElement.classList.toggle("refused", missing.length > 0);
  for (const button of form.querySelectorAll("[data-main], [data-gives]")) {
    if (missing.length) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function refreshAll() {
  for (const form of document.querySelectorAll("form[data-verdict-form]")) refresh(form);
}

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (form) refresh(form);
});
document.addEventListener("change", (event) => {
  const form = formOf(event.target);
  if (form) refresh(form);
});

// A refused button sends nothing; it leads to what is missing. So does the button of a foot that asks for a reason.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".verdict-foot button");
  if (!button) return;
  const form = button.form;
  const reason = button.matches("[data-main]") && form.elements.namedItem("reason");
  const closed = !form.querySelector("details").open;
  if (button.getAttribute("aria-disabled") !== "true" && !(reason && closed && reason.value.trim() === "")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!button.matches("[type=submit]")) return;
  form.querySelector("details").open = true;
  const gate = form.querySelector(".gates:not([hidden]) .gate-missing[data-field]");
  (reason || (gate && field(form, gate.dataset.field)) || form.querySelector("summary")).focus();
}, true);

document.addEventListener("htmx:after:settle", refreshAll);
document.addEventListener("panel:restored", refreshAll);
refreshAll();
