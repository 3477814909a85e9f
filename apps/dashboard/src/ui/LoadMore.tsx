import { useEffect, useRef } from "react";
import { Button } from "./Button.tsx";

type Props = { busy: boolean; load: () => void; className?: string | undefined };

/** The end of a long list: the next page comes as it scrolls into sight, or by the button. */
export function LoadMore({ busy, load, className }: Props) {
  const end = useRef<HTMLDivElement>(null);
  // The browser alone knows when the end of the list comes into sight.
  useEffect(() => {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!busy && entries.some(({ isIntersecting }) => isIntersecting)) load();
      },
      { rootMargin: "1200px" },
    );
    if (end.current) watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [busy, load]);
  return (
    <div ref={end} className={className}>
      <Button busy={busy} onClick={load}>
        Show more
      </Button>
    </div>
  );
}
