import { useDebouncedValue, useLocalStorage } from "@mantine/hooks";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useState } from "react";
import { meQuery } from "../../api/account.ts";
import { findQuery } from "../../api/find.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import styles from "./FindDialog.module.css";
import { addRecent, asTargets, findPages, readRecent, type Target } from "./find-targets.ts";

const PATIENCE_MS = 150;

type Props = { text: string; onType: (text: string) => void; onClose: () => void };

/** Goes to anything by a few letters: arrows choose, Enter opens, Escape closes. */
export function FindDialog({ text, onType, onClose }: Props) {
  const { data: me } = useSuspenseQuery(meQuery);
  const accountId = me?.account.id ?? "";
  const [chosen, setChosen] = useState(0);
  const [kept, setKept] = useLocalStorage({ key: `waxseal-recent ${accountId}`, defaultValue: "[]" });
  const [q] = useDebouncedValue(text.trim().slice(0, 100), PATIENCE_MS);
  const { data: found, error, isFetching } = useQuery(findQuery(q));
  const navigate = useNavigate();
  const listId = useId();
  const recent = readRecent(kept);
  const isEmpty = text.trim() === "";
  const targets = isEmpty ? recent : [...(found && q !== "" ? asTargets(found) : []), ...findPages(text)];
  const at = Math.min(chosen, Math.max(0, targets.length - 1));
  const open = (target: Target | undefined) => {
    if (!target) return;
    setKept(JSON.stringify(addRecent(recent, target)));
    onClose();
    void navigate({
      to: target.to,
      params: { account: target.account ?? accountId },
      ...(target.search && { search: target.search }),
    });
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && targets.length > 0) {
      event.preventDefault();
      setChosen((at + step + targets.length) % targets.length);
    }
    if (event.key === "Enter") open(targets[at]);
  };
  return (
    <Dialog opened title="Find" onClose={onClose}>
      <input
        className={styles.input}
        type="text"
        role="combobox"
        aria-label="Find a domain, customer, report or page"
        aria-expanded={targets.length > 0}
        aria-controls={listId}
        aria-activedescendant={targets[at] ? `${listId}-${at}` : undefined}
        placeholder="Domain, customer, reporter, report id, IP address, setting, help"
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={text}
        onChange={(event) => {
          onType(event.currentTarget.value);
          setChosen(0);
        }}
        onFocus={({ currentTarget: field }) =>
          field.setSelectionRange(field.value.length, field.value.length)
        }
        onKeyDown={press}
      />
      <ErrorNotice error={error} />
      <p className={styles.state} aria-live="polite">
        {describe(targets.length, isEmpty, isFetching)}
      </p>
      <div id={listId} role="listbox" aria-label={isEmpty ? "Recent" : "Found"} className={styles.list}>
        {targets.map((target, index) => (
          <button
            key={target.key}
            id={`${listId}-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={styles.option}
            onClick={() => open(target)}
          >
            <span>{target.title}</span>
            <span className={styles.kind}>{target.kind}</span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}

function describe(count: number, isEmpty: boolean, isFetching: boolean): string {
  if (isEmpty) return count > 0 ? "Recent" : "Type a few letters. Arrow keys choose, Enter opens.";
  if (count > 0) return "Arrow keys choose, Enter opens.";
  return isFetching ? "Searching…" : "Nothing found. Try another part of the name.";
}
