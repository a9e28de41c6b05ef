// What every page needs: menus that close, focus on the list of errors, and words when the server cannot be reached.

class ErrorSummary extends HTMLElement {
  connectedCallback() {
    this.focus();
    for (const link of this.querySelectorAll("a[href^='#']")) {
      link.addEventListener("click", (event) => {
        const place = document.getElementById(link.hash.slice(1));
        if (!place) return;
        event.preventDefault();
        const control = place.matches("input, select, textarea") ? place : place.querySelector("input, select, textarea");
        place.scrollIntoView({ block: "center" });
        (control ?? place).focus({ preventScroll: true });
      });
    }
  }
}

customElements.define("error-summary", ErrorSummary);

const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

function tell(words) {
  const place = document.getElementById("messages");
  if (!place) return;
  const notice = document.createElement("div");
  notice.className = "notice notice-danger";
  const text = document.createElement("p");
  text.className = "m-0";
  text.textContent = words;
  notice.append(text);
  place.replaceChildren(notice);
  place.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:sendError", () => tell(document.getElementById("messages")?.dataset.noConnection));
document.addEventListener("htmx:responseError", () => tell(document.getElementById("messages")?.dataset.failed));

// A session that has ended answers with the sign-in page: it is opened, never put into this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const answered = new URL(xhr.responseURL || location.href);
  if (!answered.pathname.endsWith("/login/")) return;
  event.detail.shouldSwap = false;
  if (["submit", "click"].includes(requestConfig.triggeringEvent?.type)) {
    location.assign(`${answered.pathname}?next=${encodeURIComponent(location.pathname + location.search)}`);
  } else tell(document.getElementById("messages")?.dataset.signedOut);
});

// What was pressed is often gone after the answer; then focus goes to what came in its place.
document.addEventListener("htmx:afterSettle", (event) => {
  const { elt, requestConfig } = event.detail;
  const pressed = ["submit", "click"].includes(requestConfig?.triggeringEvent?.type);
  if (!pressed || document.activeElement !== document.body || !elt.isConnected) return;
  const place = elt.querySelector("[role='status'], h2, h3") ?? elt;
  place.tabIndex = -1;
  place.focus();
});
