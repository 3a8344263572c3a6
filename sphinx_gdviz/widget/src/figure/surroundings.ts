/** What a figure has to follow of the page around it. */

/** Tell whether an element is less than a screen away from what is seen, whenever that changes. */
export function watchNearness(element: HTMLElement, tell: (isNear: boolean) => void): void {
  if (!("IntersectionObserver" in window)) return;
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
