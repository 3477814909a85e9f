import { type ComponentProps, useState } from "react";
import { TextField } from "./Field.tsx";
import { FormDialog } from "./FormDialog.tsx";

type Props = Omit<ComponentProps<typeof FormDialog>, "look"> & {
  /** What has to be typed, in upper or lower case. */
  phrase: string;
};

/** A dialog for what cannot be undone: it sends only after a name was typed. */
export function TypedConfirmDialog({ phrase, sending, children, ...rest }: Props) {
  const [typed, setTyped] = useState("");
  const [wasRefused, setWasRefused] = useState(false);
  const isTyped = typed.trim().toLowerCase() === phrase.toLowerCase();
  const mutate = () => (isTyped ? sending.mutate() : setWasRefused(true));
  return (
    <FormDialog {...rest} look="danger" sending={{ ...sending, mutate }}>
      {children}
      <TextField
        label={`Type ${phrase} to confirm`}
        value={typed}
        error={wasRefused && !isTyped ? `Type ${phrase} to confirm.` : undefined}
        onChange={setTyped}
      />
    </FormDialog>
  );
}
