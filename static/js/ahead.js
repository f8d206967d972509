// The address of a new source is fetched while the rest of its form is typed in. Of the form the address alone is sent,
// and only where it could be one of the web; what was said of another address goes.

const PLACE = ".field-ahead[data-ahead]";
const address = (place) => place.querySelector("input[name=url]");

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (!sourceElement?.matches?.(PLACE)) return;
  const url = address(sourceElement).value.trim();
  sourceElement.dataset.asked = url;
  if (!/^https?:\/\/[^\s/]+\S*$/i.test(url)) {
    event.preventDefault();
    sourceElement.querySelector(".ahead-state").replaceChildren();
    return;
  }
  for (const name of [...request.body.keys()]) if (name !== "team") request.body.delete(name);
  request.body.set("url", url);
});

// The line of an address that is no longer the one in the field, and one whose row is gone (saved, erased, forgotten):
// neither says anything any more, and neither asks again.
document.addEventListener("htmx:before:response", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (!sourceElement?.matches?.("[data-ahead]")) return;
  const line = sourceElement.closest(".ahead-state");
  if (sourceElement.isConnected && !(line && response.status !== 200)) return;
  event.preventDefault();
  line?.replaceChildren();
});

function ask(place) {
  const url = address(place).value.trim();
  if (url === (place.dataset.asked ?? "")) return;
  htmx.process(place);
  htmx.trigger(place, "ahead");
}

// A form that comes with an address in it, refused or as a draft, says again how far that is; not while it is typed.
function come() {
  for (const place of document.querySelectorAll(PLACE)) {
    const typed = document.activeElement?.matches('[name=url], [data-pick="source"]') && address(place).value;
    if (!typed && !("asked" in place.dataset)) ask(place);
    if (!typed) place.dataset.asked ??= "";
  }
}

document.addEventListener("htmx:after:settle", come);
document.addEventListener("panel:restored", () => document.querySelectorAll(PLACE).forEach(ask));
addEventListener("load", come);

// An address that was looked for, and is no source's yet, is the new one's (panel-evidence.js).
document.addEventListener("change", (event) => {
  const search = event.target.closest?.('[data-pick="source"]');
  const place = search?.form.querySelector(PLACE);
  if (place && search.form.querySelector('[name=source][value="new"]:checked')) ask(place);
});
