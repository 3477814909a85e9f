import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { mayDo, type Role } from "@waxseal/contract/permissions";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { meQuery } from "../../api/account.ts";
import { brandQuery, setBrand } from "../../api/instructions.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Form } from "../../ui/Form.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";
import { BrandPreview } from "./BrandPreview.tsx";
import { ColorField } from "./ColorField.tsx";
import { LogoField } from "./LogoField.tsx";

/** The name, logo, colour and sender name that customers see. */
export function BrandPanel({ role }: { role: Role }) {
  const { data: brand } = useSuspenseQuery(brandQuery);
  const [name, setName] = useState(brand.isOwnName ? "" : brand.name);
  const [color, setColor] = useState(brand.color ?? "");
  const [senderName, setSenderName] = useState(brand.senderName ?? "");
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (_, scope) =>
      setBrand(
        {
          name: name.trim() || null,
          color: color.trim() || null,
          senderName: senderName.trim() || null,
        },
        scope,
      ),
    onSuccess: async () => {
      await Promise.all(
        [brandQuery, meQuery].map(({ queryKey }) => queryClient.invalidateQueries({ queryKey })),
      );
    },
  });
  const mayManage = mayDo(role, "account.manage");
  const isSame =
    name.trim() === (brand.isOwnName ? "" : brand.name) &&
    color.trim().toLowerCase() === (brand.color ?? "") &&
    senderName.trim() === (brand.senderName ?? "");
  return (
    <Panel
      title="Your brand"
      hint="Your customers see it in the dashboard, on instruction pages, in mails and in monthly reports."
    >
      <Stack>
        <Form
          onSend={() => {
            if (mayManage && !isSame) save.mutate();
          }}
        >
          <Stack>
            <TextField
              label="Name"
              hint="Empty: the name of the account."
              placeholder={brand.isOwnName ? brand.name : ""}
              value={name}
              onChange={setName}
            />
            <ColorField value={color} onChange={setColor} />
            <BrandPreview color={color.trim().toLowerCase()} />
            <TextField
              label="Sender name of mails"
              hint="Shown before our address, e.g. Acme Mail. Empty: Waxseal."
              value={senderName}
              onChange={setSenderName}
            />
            <div>
              <ActionButton
                needs="account.manage"
                type="submit"
                busy={save.isPending}
                disabledReason={isSame ? "No changes." : undefined}
              >
                Save the brand
              </ActionButton>
            </div>
            <ErrorNotice error={save.error} />
          </Stack>
        </Form>
        <LogoField logo={brand.logo} />
        <Text small tone="soft">
          Logo: PNG, JPEG or WebP of at most 200 kB. Mail programs show PNG and JPEG best.
        </Text>
      </Stack>
    </Panel>
  );
}
