// Times a gesture: from the key or the press itself (the event's own time) to the frame after the page shows what was
// asked for. `shown` is looked at in each frame before it is painted; the next frame's start is then after the paint.
globalThis.watchNext = (shown) => {
  globalThis.watched = new Promise((done) => {
    const began = (event) => {
      if (!event.isTrusted || event.key === "Control") return;
      removeEventListener("keydown", began, true);
      removeEventListener("pointerdown", began, true);
      const look = () => {
        if (shown()) requestAnimationFrame(() => done(performance.now() - event.timeStamp));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    addEventListener("keydown", began, true);
    addEventListener("pointerdown", began, true);
  });
};
// The peer: what the pane shows put in its place once more, ready and without a server.
addEventListener("keydown", (event) => {
  if (event.key !== "F9" || !globalThis.ready) return;
  const pane = document.getElementById("claim");
  pane.innerHTML = globalThis.ready;
  htmx.process(pane);
  document.dispatchEvent(new CustomEvent("htmx:after:settle", { detail: {} }));
});
