import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";

type Props = {
  onSend: () => void;
  children: ReactNode;
  /** Names it, where no heading does. */
  label?: string | undefined;
  id?: string | undefined;
  className?: string | undefined;
};

/** Mantine marks the box around a password, and the field in it otherwise. */
const WRONG_FIELD = ":is(input, select, textarea):is([aria-invalid=true], [data-invalid])";

/** A form that is sent by script. When it is refused, at once or by the server, the focus goes to the first field with an error. */
export function Form({ onSend, children, label, ...rest }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const awaitsErrors = useRef(false);
  // Sending renders the form, also where the same errors stay.
  const [, setSendings] = useState(0);
  // Errors appear with a later render: after the next one, or when the server has answered.
  useEffect(() => {
    const first = awaitsErrors.current && form.current?.querySelector<HTMLElement>(WRONG_FIELD);
    if (!first) return;
    awaitsErrors.current = false;
    first.focus();
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    awaitsErrors.current = true;
    setSendings((count) => count + 1);
    onSend();
  };
  const stopWaiting = () => {
    awaitsErrors.current = false;
  };
  return (
    <form {...rest} ref={form} aria-label={label} noValidate onSubmit={send} onInput={stopWaiting}>
      {children}
    </form>
  );
}
