import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { DomainSummaryView } from "../../api/contract.ts";
import { changeTags } from "../../api/tags.ts";
import { formatCountOf } from "../../format/counts.ts";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import styles from "./DomainRows.module.css";

/** Adds tags to the chosen domains and removes some that they have. */
export function TagDialog({ rows, onClose }: { rows: readonly DomainSummaryView[]; onClose: () => void }) {
  const [added, setAdded] = useState("");
  const [removed, setRemoved] = useState<readonly string[]>([]);
  const queryClient = useQueryClient();
  const add = added
    .split(",")
    .map((tag) => tag.trim())
    .filter(Boolean);
  const change = useMutation({
    mutationFn: (_, scope) =>
      changeTags({ domainIds: rows.map(({ id }) => id), add, remove: [...removed] }, scope),
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
      title={`Tags of ${formatCountOf(rows.length, "domain")}`}
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
