import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useState } from "react";
import { flushSync } from "react-dom";

const ROW_PX = 42;

type Props = {
  body: RefObject<HTMLTableSectionElement | null>;
  count: number;
  columns: number;
  /** Draws a row; a measured one needs the reference and the two attributes. */
  draw: (index: number, attributes: RowAttributes) => ReactNode;
};

export type RowAttributes = {
  ref?: (row: HTMLTableRowElement | null) => void;
  "data-index"?: number;
  "aria-rowindex"?: number;
};

/** The rows in sight with room above and below for the rest, so that 10,000 scroll as 50 do. All of them are printed. */
export function LongRows({ body, count, columns, draw }: Props) {
  const [scrollMargin, setScrollMargin] = useState(0);
  const isPrinting = usePrinting();
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => ROW_PX,
    overscan: 20,
    scrollMargin,
  });
  // What is above the table grows and shrinks; only the document knows by how much.
  useLayoutEffect(() => {
    const top = Math.round((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    if (Math.abs(top - scrollMargin) > 1) setScrollMargin(top);
  });
  if (isPrinting) return Array.from({ length: count }, (_, index) => draw(index, {}));
  const items = virtualizer.getVirtualItems();
  const above = (items[0]?.start ?? scrollMargin) - scrollMargin;
  const below = virtualizer.getTotalSize() - ((items.at(-1)?.end ?? scrollMargin) - scrollMargin);
  return (
    <>
      <Room px={above} columns={columns} />
      {items.map(({ index }) =>
        draw(index, {
          ref: virtualizer.measureElement,
          "data-index": index,
          // The head is the first row.
          "aria-rowindex": index + 2,
        }),
      )}
      <Room px={below} columns={columns} />
    </>
  );
}

function Room({ px, columns }: { px: number; columns: number }) {
  if (px <= 0) return null;
  return (
    <tr>
      <td colSpan={columns} style={{ height: px, padding: 0, border: 0 }} />
    </tr>
  );
}

function usePrinting(): boolean {
  const [isPrinting, setIsPrinting] = useState(false);
  // Printing is an event of the window; the paper is laid out right after it.
  useEffect(() => {
    const before = () => flushSync(() => setIsPrinting(true));
    const after = () => setIsPrinting(false);
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
  return isPrinting;
}
