import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

/** Says to screen readers which page a link led to: without a new document the browser says nothing. */
export function PageAnnouncer() {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const before = useRef(path);
  const [title, setTitle] = useState("");
  // The title is outside React's tree; the page has set it by the time its path is resolved.
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) setTitle(document.title);
    before.current = path;
  }, [path]);
  return (
    <p className="visually-hidden" aria-live="polite">
      {title}
    </p>
  );
}
