// What went wrong is heard and seen: the first alert takes the focus after the page has come, and after a swap.

function show(root) {
  const alert = root.matches?.('[role="alert"]') ? root : root.querySelector?.('[role="alert"]');
  if (!alert) return;
  alert.tabIndex = -1;
  alert.focus({ preventScroll: true });
  alert.scrollIntoView({ block: "nearest" });
}

show(document);

document.addEventListener("htmx:after:settle", (event) => {
  const { newContent = [] } = event.detail;
  for (const node of newContent) if (node.nodeType === Node.ELEMENT_NODE) show(node);
});
