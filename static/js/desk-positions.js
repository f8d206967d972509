// Places in a version's text, in code points as the server counts them, and where the page shows them.
// A block's words are the text nodes of its .block-text that are not part of a number; data-start is where they begin.

const root = () => document.querySelector("#text .proof");
const blocks = () => [...document.querySelectorAll("#text .block-text")];
const startOf = (block) => Number(block.dataset.start);

// code points, not UTF-16 units
function count(text) {
  let points = 0;
  for (const _point of text) points += 1;
  return points;
}

const notNumbers = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
  return node.matches(".no") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
};

function* words(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, notNumbers);
  while (walker.nextNode()) yield walker.currentNode;
}

const textOf = (block) => [...words(block)].map((node) => node.data).join("");
const endOf = (block) => startOf(block) + count(textOf(block));

// A point of the page as a position in the text. Between blocks it is the head of the next one, or with `before` the end of the last.
function position(container, offset, before) {
  const block = (container.nodeType === Node.TEXT_NODE ? container.parentElement : container).closest(".block-text");
  const point = document.createRange();
  point.setStart(container, offset);
  if (!block) {
    if (!before) {
      const next = blocks().find((one) => point.comparePoint(one, 0) >= 0);
      return next ? startOf(next) : null;
    }
    const last = blocks().findLast((one) => point.comparePoint(one, 0) < 0);
    return last ? endOf(last) : null;
  }
  let at = startOf(block);
  for (const node of words(block)) {
    if (node === container) return at + count(node.data.slice(0, offset));
    if (point.comparePoint(node, node.data.length) > 0) return at;
    at += count(node.data);
  }
  return at;
}

// Where in the text an element stands.
export const before = (element) => position(element.parentNode, [...element.parentNode.childNodes].indexOf(element), false);

// The words between two positions; blocks are joined by a line end, as in the text.
export function wordsBetween(start, end) {
  const said = [];
  for (const block of blocks()) {
    const from = startOf(block);
    const points = [...textOf(block)];
    if (from + points.length < start || from >= end) continue;
    said.push(points.slice(Math.max(0, start - from), end - from).join(""));
  }
  return said.join("\n");
}

// What is selected in the article's text, without the white space at its ends: {start, end, words, range}; null for nothing.
export function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !root()?.contains(selection.anchorNode)) return null;
  const range = selection.getRangeAt(0);
  let start = position(range.startContainer, range.startOffset, false);
  let end = position(range.endContainer, range.endOffset, true);
  if (start === null || end === null || start >= end) return null;
  const found = wordsBetween(start, end);
  start += count(found) - count(found.trimStart());
  end -= count(found) - count(found.trimEnd());
  return start < end ? { start, end, words: found.trim(), range } : null;
}

// The page's range of a stretch of the text; null where the page does not show it.
export function rangeOf(start, end) {
  const range = document.createRange();
  let [opened, closed] = [false, false];
  for (const block of blocks()) {
    let at = startOf(block);
    for (const node of words(block)) {
      const length = count(node.data);
      if (!opened && start >= at && start < at + length) {
        range.setStart(node, units(node.data, start - at));
        opened = true;
      }
      if (opened && end > at && end <= at + length) {
        range.setEnd(node, units(node.data, end - at));
        closed = true;
      }
      at += length;
    }
  }
  return opened && closed ? range : null;
}

// a language that the browser can cut by; what is none is cut as the page's own
function known(language) {
  try {
    return Intl.Segmenter.supportedLocalesOf(language)[0];
  } catch {
    return undefined;
  }
}

// The pieces of a kind in the text, in order: {start, end} in code points, without the white space at their ends.
function* pieces(granularity) {
  for (const block of blocks()) {
    const said = textOf(block);
    for (const { segment, index, isWordLike } of new Intl.Segmenter(known(block.lang), { granularity }).segment(said)) {
      if (granularity === "word" && !isWordLike) continue;
      const start = startOf(block) + count(said.slice(0, index)) + count(segment) - count(segment.trimStart());
      if (segment.trim()) yield { start, end: start + count(segment.trim()) };
    }
  }
}

export const sentences = () => [...pieces("sentence")];
export const wordsOf = () => [...pieces("word")];

// how many UTF-16 units the first `points` code points take
const units = (text, points) => [...text].slice(0, points).join("").length;
