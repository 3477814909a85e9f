import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeChannel, channelsQuery } from "../../api/alerts.ts";
import type { ChannelView } from "../../api/contract.ts";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { ChannelTakes, type Takes } from "./ChannelTakes.tsx";

/** Changes what a channel is called, and which alerts go to it. */
export function ChangeChannelDialog({ channel, onClose }: { channel: ChannelView; onClose: () => void }) {
  const [name, setName] = useState(channel.name);
  const [takes, setTakes] = useState<Takes>(channel);
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (_, scope) => {
      const { minSeverity, match } = takes;
      return changeChannel(channel.id, { name: name.trim() || channel.name, minSeverity, match }, scope);
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: channelsQuery.queryKey });
      onClose();
    },
  });
  return (
    <FormDialog title={`What ${channel.name} gets`} submit="Save channel" sending={change} onClose={onClose}>
      <TextField label="Name" value={name} onChange={setName} />
      <ChannelTakes value={takes} onChange={setTakes} />
    </FormDialog>
  );
}
