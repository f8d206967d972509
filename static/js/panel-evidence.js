// “Add evidence” by keyboard: from the search straight to the sources found, and Enter there attaches.

const radios = (search) => [...document.querySelectorAll(`#found-${search.dataset.pick} input[type=radio]`)];

function pick(radio) {
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  radio.focus();
}

document.addEventListener("keydown", (event) => {
  const search = event.target.closest?.("[data-pick]");
  if (!search || event.isComposing) return;
  if (event.key === "Enter" || event.key === "ArrowDown") {
    // Enter in a search never sends the whole form
    event.preventDefault();
    const first = radios(search)[0];
    if (first && (event.key === "ArrowDown" || first.value !== "new")) pick(first);
  }
});
