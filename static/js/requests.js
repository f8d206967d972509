// Around htmx: answers that are no fragment do not land in the middle of somebody's work.

const { signIn } = document.body.dataset;

function lost() {
  const place = document.getElementById("notices");
  if (!place) return;
  place.replaceChildren(document.getElementById("lost").content.cloneNode(true));
  const alert = place.firstElementChild;
  alert.tabIndex = -1;
  alert.focus();
}

// The session ended: the sign-in page is a page of its own. What was typed is kept by the server.
document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  const answered = new URL(raw.url || location.href, location.href);
  if (raw.redirected && signIn && answered.pathname === signIn) {
    event.preventDefault();
    location.assign(answered.href);
  }
});

// Our own refusals bring their notice with them (hx-partial); anything else that failed gets one here.
// What goes by the way of somebody's typing (data-ahead) does without, and without the focus.
const byTheWay = (ctx) => ctx?.sourceElement?.matches?.("[data-ahead]");

document.addEventListener("htmx:response:error", (event) => {
  const { response, text } = event.detail.ctx;
  if (byTheWay(event.detail.ctx)) return;
  if (![409, 422].includes(response.status) && !text.includes("<hx-partial")) lost();
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx && !event.detail.ctx.response && !byTheWay(event.detail.ctx)) lost();
});
