import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { mayDo, type Role } from "@waxseal/contract/permissions";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { removeFilter, type SavedFilterPage, savedFiltersQuery, saveFilter } from "../../api/tags.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import styles from "./DomainRows.module.css";

type Search = Record<string, string>;
type Props = { page: SavedFilterPage; path: string; search: Search; role: Role };

/** Opens a filter that a member of the account saved, saves the present one, or deletes it. */
export function SavedFilters({ page, path, search, role }: Props) {
  const { data } = useQuery(savedFiltersQuery);
  const [isSaving, setIsSaving] = useState(false);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: removeFilter,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: savedFiltersQuery.queryKey }),
  });
  const saved = data?.items.filter((filter) => filter.page === page) ?? [];
  const current = saved.find((filter) => isSame(filter.search, search));
  const isFiltered = Object.keys(search).length > 0;
  const mayChange = mayDo(role, "domains.change");
  if (saved.length === 0 && !(isFiltered && mayChange)) return null;
  return (
    <div className={styles.saved}>
      {saved.length > 0 && (
        <SelectField
          label="Saved filters"
          hideLabel
          value={current?.id ?? ""}
          options={[
            { value: "", label: "Saved filters" },
            ...saved.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(id) =>
            void navigate({ to: path, search: saved.find((filter) => filter.id === id)?.search ?? {} })
          }
        />
      )}
      {current && (
        <ActionButton
          needs="domains.change"
          hideDenied
          small
          look="quiet"
          busy={remove.isPending}
          onClick={() => remove.mutate(current.id)}
        >
          Delete this filter
        </ActionButton>
      )}
      {!current && isFiltered && (
        <ActionButton needs="domains.change" hideDenied small onClick={() => setIsSaving(true)}>
          Save this filter
        </ActionButton>
      )}
      <ErrorNotice error={remove.error} />
      {isSaving && <SaveDialog page={page} search={search} onClose={() => setIsSaving(false)} />}
    </div>
  );
}

function SaveDialog({ page, search, onClose }: Pick<Props, "page" | "search"> & { onClose: () => void }) {
  const [name, setName] = useState("");
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (_, scope) => saveFilter({ page, name: name.trim(), search }, scope),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: savedFiltersQuery.queryKey });
    },
  });
  return (
    <FormDialog title="Save this filter" submit="Save" sending={save} onClose={onClose}>
      <TextField
        label="Name"
        hint="All members find it by this name. It replaces a filter of the same name."
        placeholder="Gold customers with a problem"
        autoFocus
        value={name}
        onChange={setName}
      />
    </FormDialog>
  );
}

function isSame(a: Search, b: Search): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => (a[key] ?? "") === (b[key] ?? ""));
}
