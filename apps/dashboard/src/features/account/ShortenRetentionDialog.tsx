import { formatDay } from "@waxseal/contract/format-instant";
import { addDays, utcDay } from "../../format/utc-days.ts";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Text } from "../../ui/Text.tsx";

type Days = { rawDays: number; dailyDays: number };
type Props = {
  kept: Days;
  wanted: Days;
  sending: { isPending: boolean; error: unknown; mutate: () => void };
  onClose: () => void;
};

/** What goes when reports are kept shorter, by the day before which it goes. */
export function ShortenRetentionDialog({ kept, wanted, sending, onClose }: Props) {
  const firstKept = (days: number) => formatDay(addDays(utcDay(new Date()), -days));
  return (
    <FormDialog
      title="Delete older reports?"
      submit="Keep them shorter and delete"
      look="danger"
      sending={sending}
      onClose={onClose}
    >
      <Text>Within 24 hours this is deleted, for all domains of the account:</Text>
      <ul style={{ paddingLeft: 18 }}>
        {wanted.rawDays < kept.rawDays && (
          <li>
            Messages and quarantined messages that arrived before {firstKept(wanted.rawDays)}. Their reports
            stay, without the original to look at.
          </li>
        )}
        {wanted.dailyDays < kept.dailyDays && (
          <li>
            Reports and totals about days before {firstKept(wanted.dailyDays)}, in charts and exports too.
          </li>
        )}
      </ul>
      <Text>It cannot be brought back. Export what you need first.</Text>
    </FormDialog>
  );
}
