// Says in words when the device did not answer; django-allauth only writes to the console.

const words = document.querySelector("script[src*='passkey.js']")?.dataset.words;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const notice = document.createElement("div");
  notice.className = "notice notice-danger";
  const text = document.createElement("p");
  text.className = "m-0";
  text.textContent = words;
  notice.append(text);
  const place = document.getElementById("messages");
  place.replaceChildren(notice);
  place.scrollIntoView({ block: "nearest" });
});
