// Without this file everything works; with it a screen reader hears what arrived, a form says
// that it is at work, and Ctrl+Enter sends.
(() => {
  const news = document.getElementById("news");
  if (news && news.textContent.trim()) {
    const text = news.textContent;
    news.textContent = "";
    setTimeout(() => { news.textContent = text; }, 120); // a live region speaks when it changes
  }
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", () => { form.setAttribute("aria-busy", "true"); });
  }
  const box = document.getElementById("text");
  if (box) {
    box.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { box.form.requestSubmit(); }
    });
  }
  for (const frame of document.querySelectorAll("iframe.letter-frame")) {
    const fit = () => {
      const doc = frame.contentDocument;
      if (doc && doc.body) { frame.style.height = doc.documentElement.offsetHeight + 2 + "px"; }
    };
    frame.addEventListener("load", fit);
    fit();
  }
})();
