import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { apiKeysQuery, invitationsQuery, removeMember } from "../../api/account.ts";
import type { MemberListView } from "../../api/contract.ts";
import { formatCount } from "../../format/counts.ts";
import { SelectField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Text } from "../../ui/Text.tsx";

type Props = { member: MemberListView["items"][number]; onClose: () => void };

/** Asks before a member is removed, and says what ends. */
export function RemoveMemberDialog({ member, onClose }: Props) {
  const queryClient = useQueryClient();
  const [takesOverKeys, setTakesOverKeys] = useState(false);
  const { data: keys } = useQuery(apiKeysQuery);
  const { data: invitations } = useQuery(invitationsQuery);
  const remove = useMutation({
    mutationFn: (_, scope) => removeMember({ id: member.id, takesOverKeys }, scope),
    onSuccess: async () => {
      onClose();
      await queryClient.resetQueries();
    },
  });
  const ownKeys = keys?.items.filter(({ createdBy }) => createdBy?.id === member.id) ?? [];
  const sent = invitations?.items.filter((row) => row.invitedBy?.id === member.id && !row.isExpired) ?? [];
  return (
    <FormDialog
      title={`Remove ${member.name}?`}
      submit={`Remove ${member.name}`}
      look="danger"
      sending={remove}
      onClose={onClose}
    >
      <Text>
        {member.name} ({member.email}) can open nothing of this account or of its customers from their next
        request on, and reads there that you removed them. Their sign-in and their other accounts stay.
      </Text>
      {sent.length > 0 && (
        <Text>
          {formatCount(sent.length)} open {sent.length === 1 ? "invitation" : "invitations"} they sent{" "}
          {sent.length === 1 ? "is" : "are"} revoked: {sent.map(({ email }) => email).join(", ")}.
        </Text>
      )}
      {ownKeys.length > 0 && (
        <SelectField
          label={`API ${ownKeys.length === 1 ? "key" : "keys"} they made: ${ownKeys.map(({ name }) => name).join(", ")}`}
          value={takesOverKeys ? "takeOver" : "end"}
          options={[
            { value: "end", label: "End when I remove them" },
            { value: "takeOver", label: "Keep working, as mine" },
          ]}
          onChange={(value) => setTakesOverKeys(value === "takeOver")}
        />
      )}
    </FormDialog>
  );
}
