import { useSyncExternalStore } from "react";
import { chooseTimeZone, chosenTimeZone, localTimeZone, subscribeToTimeZone } from "../format/time-zone.ts";
import { SelectField } from "./Field.tsx";

/** Whether times are shown in UTC or in the reader's zone. */
export function TimeZoneSwitch() {
  const choice = useSyncExternalStore(subscribeToTimeZone, chosenTimeZone);
  return (
    <SelectField
      label="Times in"
      value={choice}
      options={[
        { value: "utc", label: "UTC" },
        { value: "local", label: `Local (${localTimeZone()})` },
      ]}
      onChange={(value) => chooseTimeZone(value === "local" ? "local" : "utc")}
    />
  );
}
