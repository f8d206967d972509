// What is typed in the panel's forms is kept while the panel shows something else, and is back when its form is.
// Kept in this page's memory alone: it goes with the page, and nobody else can read it.

const drafts = new Map();
const keyOf = (form) => new URL(form.getAttribute("action"), location.href).pathname;
const KEYS = new Set(["csrfmiddlewaretoken", "request_id", "version", "person"]);

const controls = (form) => [...form.elements].filter((one) => one.name && !KEYS.has(one.name) && one.tagName !== "BUTTON");

function read(form) {
  return controls(form)
    .filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked)
    .map((one) => [one.name, one.value]);
}

// what the fields held when the form came
const standing = (one) => {
  if (["radio", "checkbox"].includes(one.type)) return one.defaultChecked;
  if (one.tagName === "SELECT") return [...one.options].find((option) => option.defaultSelected)?.value ?? "";
  return one.type === "hidden" ? "" : one.defaultValue;
};
const base = (form) => JSON.stringify(controls(form).map((one) => [one.name, standing(one)]));

// sent and answered, and not yet gone from the page: the field that had the focus then still tells of its change
const answered = new WeakSet();

function note(form) {
  if (!answered.has(form)) drafts.set(keyOf(form), { said: read(form), base: base(form), version: form.elements.version?.value });
}

function fill(form, draft) {
  const said = new Map();
  // others changed what it was typed on: sent, it is to meet their change, not to go over it
  if (form.elements.version && draft.base !== base(form)) form.elements.version.value = draft.version;
  for (const [name, value] of draft.said) said.set(name, [...(said.get(name) ?? []), value]);
  for (const one of controls(form)) {
    if (one.type === "hidden") continue;
    const values = said.get(one.name) ?? [];
    if (["radio", "checkbox"].includes(one.type)) one.checked = values.includes(one.value);
    else if (values.length && one.value !== values[0]) one.value = values[0];
  }
  for (const search of form.querySelectorAll("[data-pick]")) lookAgain(search, said.get(search.dataset.pick)?.[0]);
}

// The source that was picked is picked again, also where it is not among those found now; its words are looked for again.
function lookAgain(search, picked) {
  const name = search.dataset.pick;
  const missing = picked && !controls(search.form).some((one) => one.name === name && one.value === picked);
  if (missing) {
    const one = Object.assign(document.createElement("input"), { type: "radio", name, value: picked, checked: true, hidden: true });
    document.getElementById(`found-${name}`).append(one);
  }
  if (!missing && !search.value) return;
  htmx.process(search);
  search.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("#claim form[data-draft]");
  if (form) note(form);
});
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("#claim form[data-draft]");
  if (form) note(form);
});

// What was sent and taken is no draft any more; what was refused comes back from the server as it was typed. An address
// that is fetched ahead is a part of what is still being typed.
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response, request } = event.detail.ctx;
  if (sourceElement?.matches?.("[data-ahead]")) return;
  const form = sourceElement?.closest?.("#claim form[data-draft]");
  if (!form || !response || request?.method !== "POST" || ![200, 409, 422].includes(response.status)) return;
  drafts.delete(keyOf(form));
  answered.add(form);
});

document.addEventListener("htmx:after:settle", () => {
  let restored = false;
  for (const form of document.querySelectorAll("#claim form[data-draft]")) {
    answered.delete(form);
    const draft = drafts.get(keyOf(form));
    if (!draft || form.dataset.restored) continue;
    form.dataset.restored = "";
    fill(form, draft);
    restored = true;
  }
  if (restored) document.dispatchEvent(new Event("panel:restored"));
});
