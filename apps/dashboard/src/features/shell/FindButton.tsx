import { lazy, Suspense, useEffect, useState } from "react";
import { Button } from "../../ui/Button.tsx";

const FindDialog = lazy(async () => ({ default: (await import("./FindDialog.tsx")).FindDialog }));

/** Opens the search: by Ctrl-K or Cmd-K anywhere, and by "/" where nothing is being typed. */
export function FindButton() {
  const [isOpen, setIsOpen] = useState(false);
  // The keys work wherever the focus is.
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [role=dialog]");
      const isChord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping;
      if (!isChord && !isSlash) return;
      event.preventDefault();
      setIsOpen(true);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      <Button
        look="quiet"
        small
        icon="search"
        aria-label="Find anything (Ctrl+K)"
        onClick={() => setIsOpen(true)}
      >
        {null}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <FindDialog onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
