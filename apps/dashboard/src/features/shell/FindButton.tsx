import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Button } from "../../ui/Button.tsx";
import { typeAhead } from "./type-ahead.ts";

const FindDialog = lazy(async () => ({ default: (await import("./FindDialog.tsx")).FindDialog }));

/** Opens the search: by Ctrl-K or Cmd-K anywhere, and by "/" where nothing is being typed. Letters typed while it opens are kept. */
export function FindButton() {
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState("");
  // The next key may come before React has drawn what the last one changed.
  const isOpening = useRef(false);
  const set = (is: boolean) => {
    isOpening.current = is;
    if (is) setText("");
    setIsOpen(is);
  };
  // The keys work wherever the focus is.
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isOpening.current && !isInside(event, "[role=dialog]")) return keep(event);
      const isChord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      const isSlash =
        event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isInside(event, TYPING);
      if (!isChord && !isSlash) return;
      event.preventDefault();
      set(true);
    };
    // The dialog is on its way: what had the focus before must not get these keys.
    const keep = (event: KeyboardEvent) => {
      if (event.key === "Escape") set(false);
      const isTyping = typeAhead("", event) !== undefined;
      if (isTyping || HELD.has(event.key)) event.preventDefault();
      if (isTyping) setText((before) => typeAhead(before, event) ?? before);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
  return (
    <>
      <Button look="quiet" small icon="search" aria-label="Find anything (Ctrl+K)" onClick={() => set(true)}>
        {null}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <FindDialog text={text} onType={setText} onClose={() => set(false)} />
        </Suspense>
      )}
    </>
  );
}

const TYPING = "input, textarea, select, [role=dialog]";
const HELD = new Set(["Enter", "Tab", "ArrowDown", "ArrowUp"]);

function isInside({ target }: KeyboardEvent, places: string): boolean {
  return target instanceof HTMLElement && target.closest(places) !== null;
}
