import { useEffect, useState } from "react";

/** Says to screen readers which page a link led to: without a new document the browser says nothing. */
export function PageAnnouncer() {
  const [title, setTitle] = useState("");
  // The title is outside React's tree; each page sets it once it is there.
  useEffect(() => {
    const element = document.querySelector("title");
    if (!element) return;
    const observer = new MutationObserver(() => setTitle(document.title));
    observer.observe(element, { childList: true });
    return () => observer.disconnect();
  }, []);
  return (
    <p className="visually-hidden" aria-live="polite">
      {title}
    </p>
  );
}
