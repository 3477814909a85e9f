import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { DomainSummaryView } from "../../api/contract.ts";
import { changeTags, type DomainChoice } from "../../api/tags.ts";
import { formatCountOf } from "../../format/counts.ts";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import styles from "./DomainRows.module.css";

type Props = {
  /** How many domains are meant, and which. */
  count: number;
  meant: DomainChoice;
  /** Those of them that are loaded. */
  rows: readonly DomainSummaryView[];
  onClose: () => void;
};

/** Adds tags to the chosen domains and removes some that they have. */
export function TagDialog({ count, meant, rows, onClose }: Props) {
  const [added, setAdded] = useState("");
  const [removed, setRemoved] = useState<readonly string[]>([]);
  const queryClient = useQueryClient();
  const add = added
    .split(",")
    .map((tag) => tag.trim())
    .filter(Boolean);
  const change = useMutation({
    mutationFn: (_, scope) => changeTags({ ...meant, add, remove: [...removed] }, scope),
    onSuccess: async () => {
      onClose();
      await Promise.all(
        ["domains", "customers", "tags"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      );
    },
  });
  const present = [...new Set(rows.flatMap(({ tags }) => tags))].toSorted();
  return (
    <FormDialog
      title={`Tags of ${formatCountOf(count, "domain")}`}
      submit="Save the tags"
      sending={change}
      onClose={onClose}
    >
      <TextField
        label="Add"
        hint="Commas between them. Everyone who sees a domain sees its tags, including the customer."
        placeholder="gold, migrated"
        autoFocus
        value={added}
        onChange={setAdded}
      />
      {present.length > 0 && (
        <fieldset className={styles.remove}>
          <legend>Remove</legend>
          {present.map((tag) => (
            <label key={tag}>
              <input
                type="checkbox"
                checked={removed.includes(tag)}
                onChange={() =>
                  setRemoved((before) =>
                    before.includes(tag) ? before.filter((other) => other !== tag) : [...before, tag],
                  )
                }
              />
              {tag}
            </label>
          ))}
        </fieldset>
      )}
    </FormDialog>
  );
}
