import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createCustomer } from "../../api/customers.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Stack } from "../../ui/Layout.tsx";

export function AddCustomerDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const queryClient = useQueryClient();
  const add = useMutation({
    mutationFn: () => createCustomer(name.trim()),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["customers"] });
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!add.isPending) add.mutate();
  };
  return (
    <Dialog
      opened
      title="Add a customer"
      onClose={onClose}
      action={
        <Button type="submit" form="add-customer" look="primary" busy={add.isPending}>
          Add the customer
        </Button>
      }
    >
      <form id="add-customer" onSubmit={send} noValidate>
        <Stack gap={3}>
          <TextField label="Name" placeholder="Example Bakery" autoFocus value={name} onChange={setName} />
          <ErrorNotice error={add.error} />
        </Stack>
      </form>
    </Dialog>
  );
}
