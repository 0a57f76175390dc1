/// Renews a live page in its place: what the reader has opened, scrolled to, selected or focused
/// stays as it is.
enum LiveScript {
  /// What the page's policy lets run, and nothing else; a test holds it to the text.
  static let hash = "sha256-1n5UQAIoXbidL3A1/m8WdJGr7p3YihVFBwCWurjp2nA="

  static let text: StaticString = """
    "use strict";
    (() => {
      const pause = 5000;
      const patience = 15000;
      const find = selector => document.querySelector(selector);
      const all = (selector, root) => [...root.querySelectorAll(selector)];
      const say = words => {
        const state = find("#state");
        if (state.textContent !== words) state.textContent = words;
      };
      const name = element => {
        const article = element.closest("[data-find]");
        return [article && article.dataset.find, element.tagName, element.getAttribute("aria-label"),
          element.getAttribute("href"), element.querySelector("summary")?.textContent].join("|");
      };
      const keep = (selector, root, read) =>
        new Map(all(selector, root).map(element => [name(element), read(element)]));
      const exchange = (old, fresh) => {
        if (old.innerHTML === fresh.innerHTML && old.className === fresh.className) return;
        const open = keep("details", old, element => element.open);
        const places = keep(".scroll", old, element => element.scrollLeft);
        const active = old.contains(document.activeElement) ? name(document.activeElement) : null;
        old.replaceWith(fresh);
        for (const element of all("details", fresh))
          element.open = open.get(name(element)) ?? element.open;
        for (const element of all(".scroll", fresh))
          element.scrollLeft = places.get(name(element)) ?? 0;
        if (active !== null)
          all("a,summary,[tabindex]", fresh).find(element =>
            name(element) === active)?.focus({ preventScroll: true });
      };
      const renew = async () => {
        const answer = await fetch(location.pathname, {
          cache: "no-store", signal: AbortSignal.timeout(patience) });
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!getSelection().isCollapsed) return say("Waits while text is selected.");
        document.title = page.title;
        exchange(find("header"), page.querySelector("header"));
        exchange(find("main"), page.querySelector("main"));
        say("Renews itself every few seconds.");
      };
      let lost = null;
      let timer = null;
      const turn = async () => {
        clearTimeout(timer);
        if (document.hidden) return;
        try {
          await renew();
          lost = null;
        } catch {
          lost = lost || new Date();
          document.title = "No answer: regsift";
          say(`No answer since ${lost.toLocaleTimeString()}: what stands here is of before.`);
        }
        timer = setTimeout(turn, pause);
      };
      document.addEventListener("visibilitychange", turn);
      say("Renews itself every few seconds.");
      timer = setTimeout(turn, pause);
    })();
    """
}
