// The verdict foot while somebody types: the gates of the chosen verdict, the fields it asks for, what is still missing.
// Whether a gate is met that rests on evidence, the server has said; whether a text is there, is seen here.

// what is inaccurate has to change too, where somebody knows what to
const ASKED_BY = { proposed_wording: ["needs-fix", "inaccurate"], searched: ["unprovable"] };

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

// Whether a field is answered. The proposer's words answer for a rationale while what was proposed is chosen.
function answered(form, name, meaning) {
  const agreed = name === "rationale" && meaning === form.dataset.proposed && field(form, "as_proposed")?.checked;
  return Boolean(agreed) || field(form, name).value.trim() !== "";
}

function refresh(form) {
  const chosen = field(form, "verdict").value;
  for (const list of form.querySelectorAll(".gates")) {
    list.hidden = list.dataset.label !== chosen;
    for (const gate of list.querySelectorAll(":scope > [data-field]")) mark(gate, answered(form, gate.dataset.field, list.dataset.meaning));
  }
  const gates = form.querySelector(".gates:not([hidden])");
  if (!gates) return;
  const agree = field(form, "as_proposed");
  if (agree) agree.closest(".field").hidden = gates.dataset.meaning !== form.dataset.proposed;
  const ticks = form.querySelector(".gate-ticks");
  ticks.replaceChildren(...[...gates.children].map((gate) => tick(gate, ticks.dataset.missingWord)));
  const hint = form.querySelector(".hint[id$=verdict_helptext]");
  if (hint) hint.textContent = gates.dataset.explanation;
  for (const [name, meanings] of Object.entries(ASKED_BY)) {
    // a text that stands there already is never hidden, whatever is chosen
    const area = field(form, name);
    area.closest(".field").hidden = !meanings.includes(gates.dataset.meaning) && area.value.trim() === "" && !area.matches(":focus");
  }
  say(form, [...gates.querySelectorAll(".gate-missing")]);
}

function say(form, missing) {
  const place = form.querySelector("#foot-missing");
  if (!place) return;
  const words = missing.map((gate) => gate.dataset.word).join(", ");
  // heard when it changes, not at each key
  if (place.dataset.words !== words) {
    place.dataset.words = words;
    const lead = Object.assign(document.createElement("b"), { textContent: place.dataset.says });
    place.replaceChildren(...(words ? [lead, ` ${words}`] : []));
  }
  place.parentElement.classList.toggle("refused", missing.length > 0);
  for (const button of form.querySelectorAll("[data-main], [data-gives]")) {
    for (const [name, value] of [["aria-disabled", "true"], ["aria-describedby", place.id]]) {
      if (missing.length) button.setAttribute(name, value);
      else button.removeAttribute(name);
    }
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
  // what no field of the foot can mend, the button itself says
  (reason || (gate && field(form, gate.dataset.field)) || button).focus();
}, true);

// Down from an empty rationale: the proposer's words below it, taken.
document.addEventListener("keydown", (event) => {
  const form = formOf(event.target);
  const agree = form && field(form, "as_proposed");
  if (event.key !== "ArrowDown" || event.target.name !== "rationale" || event.target.value || !agree || agree.closest("[hidden]")) return;
  event.preventDefault();
  agree.checked = true;
  agree.dispatchEvent(new Event("change", { bubbles: true }));
  agree.focus();
});

// A digit chooses a verdict by its place in the scale, and goes on to the first text that it asks for.
document.addEventListener("keydown", (event) => {
  const select = event.target.closest?.("form[data-verdict-form] select[name=verdict]");
  if (!select || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
  const option = [...select.options].filter((one) => one.value)[Number(event.key) - 1];
  if (!option) return;
  event.preventDefault();
  select.value = option.value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  const asked = [...select.form.querySelectorAll(".gates:not([hidden]) > .gate-missing[data-field]")];
  const order = ["proposed_wording", "searched", "rationale"].find((name) => asked.some((gate) => gate.dataset.field === name));
  field(select.form, order ?? "rationale").focus();
});

document.addEventListener("htmx:after:settle", refreshAll);
document.addEventListener("panel:restored", refreshAll);
refreshAll();
