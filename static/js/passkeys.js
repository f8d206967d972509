// Around allauth's passkey forms: buttons appear where a passkey can be used, and a failure is said on the page.

if (window.PublicKeyCredential) document.querySelectorAll("[data-passkey]").forEach((part) => { part.hidden = false; });

document.addEventListener("allauth.error", (event) => {
  const words = document.getElementById("passkey-failed");
  if (!words) return;
  event.preventDefault(); // it is said; the console needs nothing
  const place = words.previousElementSibling;
  place.replaceChildren(words.content.cloneNode(true));
  const alert = place.firstElementChild;
  alert.tabIndex = -1;
  alert.focus();
});

// Enter in the name's field presses the button, which asks the browser for the passkey first
const add = document.getElementById("mfa_webauthn_add");
add?.form.addEventListener("submit", (event) => {
  event.preventDefault();
  add.click();
});
