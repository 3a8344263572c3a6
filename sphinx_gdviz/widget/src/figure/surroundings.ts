/** What a figure has to follow of the page around it. */

/** Tell whether an element is less than a screen away from what is seen, whenever that changes. */
export function watchNearness(element: HTMLElement, tell: (isNear: boolean) => void): void {
  const watcher = new IntersectionObserver(
    (entries) => tell(entries[entries.length - 1]!.isIntersecting),
    { rootMargin: "100%" },
  );
  watcher.observe(element);
}

/** Tell when the page has become dark or light, or goes the other way. */
export function watchTheme(tell: () => void): void {
  // Colours may fade into each other for a while.
  const themed = () => [0, 400].forEach((wait) => setTimeout(tell, wait));
  const watcher = new MutationObserver(themed);
  for (const root of [document.documentElement, document.body]) {
    watcher.observe(root, { attributeFilter: ["class", "data-theme", "data-mode", "dir"] });
  }
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", themed);
}

/** Scroll to an element, and open what hides it: folds, tabs. */
export function reach(element: Element): void {
  for (let around: Element | null = element; around; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
    let opener: Element | null = null;
    if (around.matches(".toggle-hidden")) opener = around.querySelector(".toggle-button");
    else if (getComputedStyle(around).display === "none") {
      const tab = document.getElementById(around.getAttribute("aria-labelledby") ?? "");
      opener = tab ?? around.previousElementSibling?.closest("label") ?? null;
    }
    (opener as HTMLElement | null)?.click();
  }
  element.scrollIntoView();
}

/** The end of the address that figures know; of another one they are about to be told. */
let known = "";

/** Tell when the end of the address has changed. */
export function watchAddress(tell: () => void): void {
  known = location.hash;
  addEventListener("hashchange", () => {
    known = location.hash;
    tell();
  });
}

/** Write the end of the address, which is no change to be told. */
export function replaceAddress(address: string): void {
  // A reader who has just followed a link shall come to where it leads.
  if (location.hash !== known) return;
  try {
    history.replaceState(history.state, "", address);
    known = location.hash;
  } catch {
    // Some pages may not: in a frame, say.
  }
}
