// Fingers on the page: two make it larger and smaller, a double tap fits it, a swipe turns it where all of it is in sight.
// Everything else, scrolling above all, stays the browser's.

const TAP = 300; // milliseconds between two taps
const NEAR = 30; // pixels between them
const SWIPE = 60; // pixels
const CLOSER = 2; // times, by a double tap

export function addGestures(reader) {
  const container = reader.part("container");
  const { viewer } = reader;
  let pinch = null;
  let start = null;
  let tap = null;

  const spread = ([one, two]) => Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
  const middle = ([one, two]) => [(one.clientX + two.clientX) / 2, (one.clientY + two.clientY) / 2];
  const allInSight = () => container.scrollWidth <= container.clientWidth + 1 && viewer.currentScaleValue === "page-fit";

  container.addEventListener(
    "touchstart",
    (event) => {
      if (event.touches.length === 2) {
        event.preventDefault();
        pinch = spread(event.touches);
        start = null;
      } else if (event.touches.length === 1) {
        const { clientX: x, clientY: y } = event.touches[0];
        start = { x, y, at: event.timeStamp };
      }
    },
    { passive: false },
  );

  container.addEventListener(
    "touchmove",
    (event) => {
      if (!pinch || event.touches.length !== 2) return;
      event.preventDefault();
      const now = spread(event.touches);
      if (Math.abs(now - pinch) < 4) return;
      viewer.updateScale({ drawingDelay: 400, scaleFactor: now / pinch, origin: middle(event.touches) });
      pinch = now;
    },
    { passive: false },
  );

  container.addEventListener("touchcancel", () => (pinch = start = null));

  container.addEventListener("touchend", (event) => {
    if (event.touches.length === 0) pinch = null;
    if (!start || event.touches.length) return;
    const { clientX: x, clientY: y } = event.changedTouches[0];
    const [right, down] = [x - start.x, y - start.y];
    const quick = event.timeStamp - start.at < TAP;
    const touched = start;
    start = null;
    if (quick && Math.hypot(right, down) < 10) twice(event, x, y);
    else if (Math.abs(right) > SWIPE && Math.abs(right) > 2 * Math.abs(down) && event.timeStamp - touched.at < 600) {
      if (!allInSight() || !getSelection().isCollapsed) return;
      if (right < 0) viewer.nextPage();
      else viewer.previousPage();
    }
  });

  function twice(event, x, y) {
    const second = tap && event.timeStamp - tap.at < TAP && Math.hypot(x - tap.x, y - tap.y) < NEAR;
    tap = second ? null : { x, y, at: event.timeStamp };
    if (!second || event.target.closest("a, button, input, textarea")) return;
    event.preventDefault();
    if (["page-width", "page-fit"].includes(viewer.currentScaleValue)) {
      viewer.updateScale({ drawingDelay: 0, scaleFactor: CLOSER, origin: [x, y] });
    } else reader.deeds.width();
  }
}
