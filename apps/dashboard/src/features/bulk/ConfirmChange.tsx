import { useState } from "react";
import type { PolicyChangeView } from "../../api/contract.ts";
import { formatCount, formatCountOf } from "../../format/counts.ts";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Text } from "../../ui/Text.tsx";
import type { useApplying } from "./use-applying.ts";

type Props = {
  change: PolicyChangeView;
  apply: ReturnType<typeof useApplying>["apply"];
  onClose: () => void;
};

/** Names how many policies are changed, and begins when that number was typed. */
export function ConfirmChange({ change, apply, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const [wasRefused, setWasRefused] = useState(false);
  const { waiting, refused, unchanged, enforcing } = change;
  const isTyped = typed.replace(/[\s,.]/g, "") === String(waiting);
  const begin = () => {
    if (!isTyped) return setWasRefused(true);
    apply.mutate();
    onClose();
  };
  return (
    <FormDialog
      title={`Change ${formatCountOf(waiting, "policy", "policies")}?`}
      submit="Change them"
      sending={{ isPending: false, error: null, mutate: begin }}
      onClose={onClose}
    >
      <Text>
        {`${formatCountOf(waiting, "policy", "policies")} will be changed${enforcing > 0 ? `; ${formatCountOf(enforcing, "domain")} of them begin or continue to enforce` : ""}. ${formatCount(refused)} refused and ${formatCount(unchanged)} as wanted already stay as they are.`}
      </Text>
      <TextField
        label={`Type ${waiting} to confirm`}
        value={typed}
        error={wasRefused && !isTyped ? `Type ${waiting} to confirm.` : undefined}
        onChange={setTyped}
      />
    </FormDialog>
  );
}
