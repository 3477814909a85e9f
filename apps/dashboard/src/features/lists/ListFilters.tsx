import { useState } from "react";
import type { TagListView } from "../../api/contract.ts";
import { SelectField, TextField } from "../../ui/Field.tsx";
import styles from "./DomainRows.module.css";
import { tagOptions } from "./tag-options.ts";

type Choice = {
  /** The filter's key. */
  key: string;
  label: string;
  value: string | undefined;
  options: readonly { value: string; label: string }[];
};

type Props = {
  searchLabel: string;
  filter: { q?: string | undefined; tag?: string | undefined };
  choices: readonly Choice[];
  tags: TagListView | undefined;
  onChange: (next: Record<string, string>) => void;
};

/** What narrows a list of domains: words, choices, and tags where there are any. */
export function ListFilters({ searchLabel, filter, choices, tags, onChange }: Props) {
  const [typed, setTyped] = useState(filter.q ?? "");
  const ofTags = { key: "tag", label: "Tag", value: filter.tag, options: tagOptions(tags, filter.tag) };
  const shown = ofTags.options.length > 1 ? [...choices, ofTags] : choices;
  return (
    <search className={styles.filters}>
      <TextField
        label={searchLabel}
        hideLabel
        type="search"
        placeholder={searchLabel}
        value={typed}
        onChange={(q) => {
          setTyped(q);
          onChange({ q });
        }}
      />
      {shown.map(({ key, label, value, options }) => (
        <SelectField
          key={key}
          label={label}
          hideLabel
          value={value ?? ""}
          options={options}
          onChange={(chosen) => onChange({ [key]: chosen })}
        />
      ))}
    </search>
  );
}
