import { useId, useRef, useState } from "react";
import type { GLOSSARY, TermName } from "../format/glossary.ts";
import styles from "./Term.module.css";

type Entry = (typeof GLOSSARY)[TermName];

const WIDTH_PX = 300;

/** A "?" beside a technical term that opens what it means in a sentence. The glossary is loaded when it is first asked for. */
export function Term({ name, label }: { name: TermName; label: string }) {
  const id = useId();
  const [entry, setEntry] = useState<Entry>();
  const button = useRef<HTMLButtonElement>(null);
  const note = useRef<HTMLSpanElement>(null);
  const open = () => {
    const at = button.current?.getBoundingClientRect();
    if (at && note.current) {
      const left = Math.max(8, Math.min(at.left, window.innerWidth - WIDTH_PX - 8));
      note.current.style.left = `${left}px`;
      note.current.style.top = `${at.bottom + 6}px`;
    }
    void import("../format/glossary.ts").then(({ GLOSSARY }) => setEntry(GLOSSARY[name]));
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.mark}
        popoverTarget={id}
        aria-label={`What is ${label}?`}
        onClick={open}
      >
        ?
      </button>
      <span ref={note} id={id} popover="auto" className={styles.note} style={{ width: WIDTH_PX }}>
        {entry && (
          <>
            <strong>{entry.name}</strong> {entry.text} <a href={`/help/${entry.page}`}>More in the help</a>
          </>
        )}
      </span>
    </>
  );
}
