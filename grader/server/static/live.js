// Keeps parts of a page up to date: [data-live] names the address of each. The page works without this script.
"use strict";
(() => {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (!parts.length) return;
  let stream = null, timer = null, looking = false, again = false;

  const look = async () => {
    if (looking) { again = true; return; }
    looking = true;
    do {
      again = false;
      for (const part of parts) {
        try {
          const answer = await fetch(part.dataset.live, {credentials: "same-origin"});
          if (!answer.ok) continue;
          if (answer.headers.get("Course-Settled")) { location.reload(); return; }
          const text = await answer.text();
          // What somebody reads or stands on is replaced only where it differs.
          if (text !== part.dataset.seen && !part.contains(document.activeElement)) {
            part.innerHTML = text;
            part.dataset.seen = text;
          }
        } catch { /* The server is away for a moment. */ }
      }
    } while (again);
    looking = false;
  };
  const poll = on => {
    clearInterval(timer);
    timer = on ? setInterval(look, 5000) : null;
  };
  const open = () => {
    if (stream || document.hidden) return;
    stream = new EventSource("/events");
    stream.addEventListener("changed", look);
    stream.onopen = () => { poll(false); look(); };
    stream.onerror = () => { if (!timer) poll(true); };
  };
  const close = () => { if (stream) stream.close(); stream = null; poll(false); };
  document.addEventListener("visibilitychange", () => document.hidden ? close() : open());
  addEventListener("pagehide", close);
  open();
})();
