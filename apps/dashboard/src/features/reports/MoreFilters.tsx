import { explainResultType, RESULT_TYPES } from "@waxseal/tls-rpt";
import { useState } from "react";
import { Button } from "../../ui/Button.tsx";
import { Details } from "../../ui/Details.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Form } from "../../ui/Form.tsx";
import styles from "./ReportFilters.module.css";
import { NARROWING, type Narrowing, type ReportSearch } from "./read-report-search.ts";
import { POLICY_TYPES } from "./report-words.ts";

const RESULTS = RESULT_TYPES.map(({ value }) => ({ value, label: explainResultType(value).title }));

type Props = { search: ReportSearch; onChange: (narrowing: Narrowing) => void };

/** Result, sending source, mail host, sending address and policy, for those who know what they look for. */
export function MoreFilters(props: Props) {
  const key = NARROWING.map((name) => props.search[name] ?? "").join("\n");
  return (
    <Details title="More filters">
      <Fields key={key} {...props} />
    </Details>
  );
}

function Fields({ search, onChange }: Props) {
  const [typed, setTyped] = useState<Narrowing>(search);
  const set = (name: keyof Narrowing) => (value: string) => setTyped({ ...typed, [name]: value.trim() });
  const pick = (name: keyof Narrowing) => (value: string) => onChange({ ...typed, [name]: value });
  const send = () => {
    onChange(typed);
  };
  return (
    <Form className={styles.more} onSend={send}>
      <SelectField
        label="Result"
        value={typed.result ?? ""}
        options={[{ value: "", label: "All results" }, ...RESULTS, ...unlisted(typed.result, RESULTS)]}
        onChange={pick("result")}
      />
      <SelectField
        label="Policy"
        value={typed.policy ?? ""}
        options={[
          { value: "", label: "All policies" },
          ...POLICY_TYPES,
          ...unlisted(typed.policy, POLICY_TYPES),
        ]}
        onChange={pick("policy")}
      />
      <TextField
        label="Sending source"
        placeholder="Google Inc."
        value={typed.source ?? ""}
        onChange={set("source")}
      />
      <TextField
        label="Mail host"
        placeholder="mx1.example.com"
        value={typed.mx ?? ""}
        onChange={(host) => set("mx")(host.toLowerCase())}
      />
      <TextField
        label="Sending address"
        placeholder="192.0.2.1"
        value={typed.ip ?? ""}
        onChange={set("ip")}
      />
      <div>
        <Button type="submit">Apply</Button>
      </div>
    </Form>
  );
}

/** A value that came with a link or a report and is in no list. */
function unlisted(value: string | undefined, known: readonly { value: string }[]) {
  return value && !known.some((one) => one.value === value) ? [{ value, label: value }] : [];
}
