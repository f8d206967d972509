// The import preview counts what is kept while somebody ticks. Without script the numbers are those of the proposal.

const counts = document.querySelector("[data-counts]");

function count() {
  const boxes = [...document.querySelectorAll('input[name="keep"]')];
  const kept = boxes.filter((box) => box.checked);
  const words = kept.reduce((sum, box) => sum + Number(box.dataset.words), 0);
  const said = { kept: kept.length, all: boxes.filter((box) => box.checked || "text" in box.dataset).length, words };
  counts.textContent = counts.dataset.says.replace(/\{(\w+)\}/g, (_all, name) => said[name].toLocaleString());
}

if (counts) {
  document.addEventListener("change", (event) => event.target.name === "keep" && count());
  // a browser that restores a form on Back restores its ticks, not the numbers
  addEventListener("pageshow", count);
}

// a block whose kind was changed says the new one
document.addEventListener("change", (event) => {
  const details = event.target.closest?.(".kind-change");
  if (!details) return;
  details.querySelector("[data-kind]").textContent = event.target.selectedOptions[0].textContent;
  details.closest(".found-block").classList.toggle("is-heading", ["title", "heading"].includes(event.target.value));
});
