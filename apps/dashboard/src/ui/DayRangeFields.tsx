import { useState } from "react";
import { explainDayRange } from "../format/utc-days.ts";
import { TextField } from "./Field.tsx";

type Range = { from: string; to: string };
type Props = Range & {
  /** Called only with a range that can be used; an empty end is open. */
  onChange: (range: Range) => void;
};

/** The first and the last UTC day. A range that cannot be used stays as typed, with the reason. */
export function DayRangeFields({ from, to, onChange }: Props) {
  const [given, setGiven] = useState({ from, to });
  const [typed, setTyped] = useState({ from, to });
  const [wasLeft, setWasLeft] = useState(false);
  // Another range from outside replaces what was typed.
  if (given.from !== from || given.to !== to) {
    setGiven({ from, to });
    setTyped({ from, to });
  }
  const problem = explainDayRange(typed.from, typed.to);
  const change = (next: Partial<Range>) => {
    const range = { ...typed, ...next };
    setTyped(range);
    setWasLeft(false);
    // While a date is typed the browser gives nothing, or a year such as 0002.
    if (isFinished(range) && explainDayRange(range.from, range.to) === undefined) onChange(range);
  };
  const leave = () => {
    setWasLeft(true);
    if (problem === undefined && (typed.from !== from || typed.to !== to)) onChange(typed);
  };
  return (
    <>
      <TextField
        label="From (UTC)"
        type="date"
        value={typed.from}
        onChange={(day) => change({ from: day })}
        onLeave={leave}
      />
      <TextField
        label="To (UTC)"
        type="date"
        value={typed.to}
        error={wasLeft || isFinished(typed) ? problem : undefined}
        onChange={(day) => change({ to: day })}
        onLeave={leave}
      />
    </>
  );
}

function isFinished({ from, to }: Range): boolean {
  return from >= "2000" && to >= "2000";
}
