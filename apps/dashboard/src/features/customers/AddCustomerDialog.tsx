import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createCustomer } from "../../api/customers.ts";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";

export function AddCustomerDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const queryClient = useQueryClient();
  const add = useMutation({
    mutationFn: (_, scope) => createCustomer(name.trim(), scope),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["customers"] });
    },
  });
  return (
    <FormDialog title="Add a customer" submit="Add the customer" sending={add} onClose={onClose}>
      <TextField label="Name" placeholder="Example Bakery" autoFocus value={name} onChange={setName} />
    </FormDialog>
  );
}
