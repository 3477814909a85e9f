import { MAX_AGE_LIMIT_SECONDS, type PolicyProblem } from "@waxseal/mta-sts";
import { useState } from "react";
import { formatDuration } from "../../format/durations.ts";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Term } from "../../ui/Term.tsx";
import styles from "./PolicyForm.module.css";

const PRESET_SECONDS = [86_400, 604_800, 1_209_600, 2_592_000, 7_776_000, 15_552_000, MAX_AGE_LIMIT_SECONDS];
const OTHER = "other";

type Props = { seconds: number; problem: PolicyProblem | undefined; onChange: (seconds: number) => void };

/** How long senders remember the policy, as a duration. */
export function MaxAgeField({ seconds, problem, onChange }: Props) {
  const [isOther, setIsOther] = useState(!PRESET_SECONDS.includes(seconds));
  return (
    <div>
      <div className={styles.age}>
        <SelectField
          label="Cached for (max_age)"
          value={isOther ? OTHER : String(seconds)}
          options={[
            ...PRESET_SECONDS.map((preset) => ({ value: String(preset), label: formatDuration(preset) })),
            { value: OTHER, label: "Another time…" },
          ]}
          onChange={(value) => {
            setIsOther(value === OTHER);
            if (value !== OTHER) onChange(Number(value));
          }}
        />
        {isOther && (
          <TextField
            label="Seconds"
            type="number"
            liveError={problem?.severity === "error" ? problem.problem : undefined}
            value={Number.isNaN(seconds) ? "" : String(seconds)}
            onChange={(value) => onChange(value === "" ? Number.NaN : Number(value))}
          />
        )}
      </div>
      <p className={styles.hint}>
        {problem && problem.severity !== "error"
          ? `Consider: ${problem.problem}`
          : "The max_age. A day while you test; weeks or more once you enforce, so that an attacker cannot wait for it to run out."}
        <Term name="max-age" label="max_age" />
      </p>
    </div>
  );
}
