import { findMxHostProblem, normalizeMxPattern, type PolicyProblem } from "@waxseal/mta-sts";
import { useId, useState } from "react";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Status } from "../../ui/Status.tsx";
import type { MxComparison } from "./compare-with-mx.ts";
import styles from "./PolicyForm.module.css";

type Props = {
  lines: readonly string[];
  problems: readonly PolicyProblem[];
  comparison: MxComparison;
  hasLiveMx: boolean;
  onChange: (lines: readonly string[]) => void;
};

/** The mx lines of a policy beside the live MX hosts. */
export function MxEditor({ lines, problems, comparison, hasLiveMx, onChange }: Props) {
  const titleId = useId();
  const addId = useId();
  // The line that was just added: typing goes on in it.
  const [added, setAdded] = useState<number>();
  const remove = (index: number) => {
    onChange(lines.toSpliced(index, 1));
    // Its button is gone; without a new place the next key press would begin at the top of the page.
    document.getElementById(addId)?.focus();
  };
  const ofList = problems.find((problem) => problem.index === undefined);
  const { uncovered, unusable } = comparison;
  const addable = uncovered.filter((mxHost) => findMxHostProblem(mxHost) === undefined);
  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId} className={styles.label}>
        Mail hosts
      </h3>
      <p className={styles.hint}>
        Every host that may receive this domain's mail, including backups. “*.” matches exactly one label.
      </p>
      <ol className={styles.mxList}>
        {lines.map((line, index) => {
          const found = problems.find((problem) => problem.index === index);
          const error = found?.severity === "error" ? found.problem : undefined;
          return (
            // Lines have no identity but their place.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={index} className={styles.mxRow}>
              <TextField
                label={`Mail host ${index + 1}`}
                hideLabel
                placeholder="mx1.example.com"
                value={line}
                liveError={error}
                autoFocus={index === added}
                onChange={(value) => onChange(lines.with(index, value))}
              />
              <Button
                look="quiet"
                icon="cross"
                aria-label={`Remove mail host ${index + 1}`}
                onClick={() => remove(index)}
              >
                {null}
              </Button>
              {error === undefined && (
                <LineState
                  pattern={normalizeMxPattern(line)}
                  covers={comparison.coveredBy[index] ?? []}
                  warning={found?.problem}
                  hasLiveMx={hasLiveMx}
                />
              )}
            </li>
          );
        })}
      </ol>
      <Stack gap={3}>
        <div>
          <Button
            id={addId}
            small
            icon="plus"
            onClick={() => {
              setAdded(lines.length);
              onChange([...lines, ""]);
            }}
          >
            Add a mail host
          </Button>
        </div>
        {ofList && (
          <Notice tone="bad" live>
            {ofList.problem}
          </Notice>
        )}
        {unusable.length > 0 && (
          <Notice tone="bad" live title="Some of your mail hosts cannot be listed">
            {unusable.map(({ problem, fix }) => (
              <p key={problem}>
                {problem} {fix}
              </p>
            ))}
          </Notice>
        )}
        {addable.length > 0 && (
          <Notice
            tone="notice"
            live
            title="Some of your mail hosts are not in the policy"
            actions={
              <Button small onClick={() => onChange([...lines.filter((line) => line.trim()), ...addable])}>
                Add {addable.length === 1 ? "it" : "them"}
              </Button>
            }
          >
            With mode enforce, mail to {addable.join(", ")} would be held back.
          </Notice>
        )}
      </Stack>
    </section>
  );
}

type LineProps = {
  pattern: string;
  covers: readonly string[];
  warning: string | undefined;
  hasLiveMx: boolean;
};

function LineState({ pattern, covers, warning, hasLiveMx }: LineProps) {
  const isItself = covers.length === 1 && covers[0] === pattern;
  return (
    <div className={styles.covers}>
      {covers.length > 0 && (
        <Status tone="good">{isItself ? "Current MX" : `Covers ${covers.join(", ")}`}</Status>
      )}
      {covers.length === 0 && hasLiveMx && <Status tone="idle">In policy, not an MX</Status>}
      {warning && <div>{warning}</div>}
    </div>
  );
}
