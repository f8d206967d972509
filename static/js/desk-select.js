// Words of the text selected by keyboard: whole sentences and single words, from one to the next. Shift with the arrows
// then lengthens or shortens the selection, as everywhere.

import { before, rangeOf, selected, sentences, wordsOf } from "./desk-positions.js";

const text = document.getElementById("text");

// where the next step starts from: what is selected, else the claim whose number has the focus, else what is in sight
function here() {
  const now = selected();
  if (now) return now;
  const number = document.activeElement.closest?.(".block-text .no");
  if (number) return { start: before(number) };
  const top = text.getBoundingClientRect().top;
  const block = [...text.querySelectorAll(".block-text")].find((one) => one.getBoundingClientRect().bottom > Math.max(top, 0) + 8);
  return { start: Number(block?.dataset.start ?? 0) - 1 };
}

// `what` is "sentence" or "word"; `by` 1 or -1.
export function choose(what, by) {
  const pieces = what === "sentence" ? sentences() : wordsOf();
  const now = here();
  const next = by > 0 ? pieces.find((piece) => piece.start > now.start) : pieces.findLast((piece) => piece.start < now.start);
  const range = next && rangeOf(next.start, next.end);
  if (!range) return;
  // with the focus elsewhere Shift and the arrows would not reach the selection
  text.focus({ preventScroll: true });
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  const box = range.getBoundingClientRect();
  const pane = text.getBoundingClientRect();
  if (box.top < Math.max(pane.top, 0) + 16 || box.bottom > Math.min(pane.bottom, innerHeight) - 64) {
    range.startContainer.parentElement.scrollIntoView({ block: "center" });
  }
}
