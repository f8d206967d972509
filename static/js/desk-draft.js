// The draft of a claim that is being logged outlives a reload of the page, in this tab, for the person who typed it.

const KEYS = new Set(["csrfmiddlewaretoken", "request_id", "version", "person", "place"]);

const nameOf = (form) => `galley-draft ${form.getAttribute("action")}`;
const personOf = (form) => form.elements.person?.value.split(":")[0] ?? "";

export function keep(form) {
  const said = [...form.elements].filter((one) => one.name && !KEYS.has(one.name) && one.tagName !== "BUTTON");
  const draft = { person: personOf(form), said: said.map((one) => [one.name, one.value]) };
  try {
    sessionStorage.setItem(nameOf(form), JSON.stringify(draft));
  } catch {
    // no room, or storage is switched off: the draft lives as long as the page
  }
}

export function forget(form) {
  try {
    sessionStorage.removeItem(nameOf(form));
  } catch {
    // nothing was kept
  }
}

// Fill a blank form with what was kept; whose draft it is not, throws it away.
export function restore(form) {
  let draft = null;
  try {
    draft = JSON.parse(sessionStorage.getItem(nameOf(form)));
  } catch {
    return;
  }
  if (!draft) return;
  if (draft.person !== personOf(form)) {
    forget(form);
    return;
  }
  for (const [name, value] of draft.said) {
    const field = form.elements.namedItem(name);
    if (field && "value" in field) field.value = value;
  }
}
