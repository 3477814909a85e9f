import { COLOR_PATTERN } from "@waxseal/contract/brand-color";
import { TextField } from "../../ui/Field.tsx";
import styles from "./Branding.module.css";

/** A colour as text, with the browser's own picker beside it. */
export function ColorField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const color = value.trim().toLowerCase();
  const isColor = COLOR_PATTERN.test(color);
  return (
    <div className={styles.color}>
      <TextField
        label="Colour"
        hint="Of links and buttons: # and six digits 0 to 9 or a to f. Empty: Waxseal's blue."
        placeholder="#1f5fbf"
        liveError={color === "" || isColor ? undefined : "Write it like #1f5fbf."}
        value={value}
        onChange={onChange}
      />
      <input
        type="color"
        aria-label="Pick a colour"
        value={isColor ? color : "#1f5fbf"}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
