import { type ReactNode, useId } from "react";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";
import { ErrorNotice } from "./ErrorNotice.tsx";
import { Form } from "./Form.tsx";
import { Stack } from "./Layout.tsx";

type Props = {
  title: string;
  /** The button that sends; says what it does. */
  submit: string;
  look?: "primary" | "danger";
  /** The mutation that sending starts; its error is shown below the fields. */
  sending: { isPending: boolean; error: unknown; mutate: () => void };
  onClose: () => void;
  children: ReactNode;
};

/** A dialog that is one form: Enter sends, once. */
export function FormDialog({ title, submit, look = "primary", sending, onClose, children }: Props) {
  const id = useId();
  const send = () => {
    if (!sending.isPending) sending.mutate();
  };
  return (
    <Dialog
      opened
      title={title}
      onClose={onClose}
      action={
        <Button type="submit" form={id} look={look} busy={sending.isPending}>
          {submit}
        </Button>
      }
    >
      <Form id={id} onSend={send}>
        <Stack gap={3}>
          {children}
          <ErrorNotice error={sending.error} />
        </Stack>
      </Form>
    </Dialog>
  );
}
