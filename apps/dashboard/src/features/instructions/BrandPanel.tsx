import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { mayDo, type Role } from "@waxseal/contract/permissions";
import { useState } from "react";
import { ActionButton, OnlyFor } from "../../api/ActionButton.tsx";
import { accountUrl } from "../../api/in-account.ts";
import { brandQuery, removeLogo, setBrandName, setLogo } from "../../api/instructions.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FileButton } from "../../ui/FileButton.tsx";
import { Form } from "../../ui/Form.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";
import styles from "./InstructionList.module.css";
import { readAsBase64 } from "./read-as-base64.ts";

const MAX_BYTES = 200 * 1024;

/** The name and logo that instructions carry. */
export function BrandPanel({ role }: { role: Role }) {
  const { data: brand } = useSuspenseQuery(brandQuery);
  const [name, setName] = useState(brand.isOwnName ? "" : brand.name);
  const [tooLarge, setTooLarge] = useState(false);
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: brandQuery.queryKey });
  const rename = useMutation({
    mutationFn: (_, scope) => setBrandName(name.trim() || null, scope),
    onSuccess,
  });
  const upload = useMutation({
    mutationFn: async (file: File, scope) => setLogo(await readAsBase64(file), scope),
    onSuccess,
  });
  const remove = useMutation({ mutationFn: removeLogo, onSuccess });
  const mayManage = mayDo(role, "account.manage");
  const isSame = name.trim() === (brand.isOwnName ? "" : brand.name);
  return (
    <Panel title="Your name and logo" hint="On the page behind a link and in the mail.">
      <Stack>
        <Form
          onSend={() => {
            if (mayManage && !isSame) rename.mutate();
          }}
        >
          <Stack gap={2}>
            <TextField
              label="Name"
              hint="Empty: the name of the account."
              placeholder={brand.isOwnName ? brand.name : ""}
              value={name}
              onChange={setName}
            />
            <div>
              <ActionButton
                needs="account.manage"
                type="submit"
                busy={rename.isPending}
                disabledReason={isSame ? "No changes." : undefined}
              >
                Save the name
              </ActionButton>
            </div>
          </Stack>
        </Form>
        {brand.logo && (
          <img
            src={accountUrl({ client: queryClient }, `/account/logo?${brand.logo.version}`)}
            alt="Your logo"
            className={styles.logo}
          />
        )}
        <OnlyFor needs="account.manage">
          <Row>
            <FileButton
              label={brand.logo ? "Choose another logo" : "Choose a logo"}
              accept="image/png,image/jpeg,image/webp"
              onChoose={(file) => {
                setTooLarge(file.size > MAX_BYTES);
                if (file.size <= MAX_BYTES) upload.mutate(file);
              }}
            />
            {brand.logo && (
              <ActionButton
                needs="account.manage"
                look="quiet"
                busy={remove.isPending}
                onClick={() => remove.mutate()}
              >
                Take it away
              </ActionButton>
            )}
          </Row>
        </OnlyFor>
        <Text small tone="soft">
          PNG, JPEG or WebP of at most 200 kB. Mail programs show PNG and JPEG best.
        </Text>
        {tooLarge && (
          <Notice tone="bad" live>
            The picture is larger than 200 kB.
          </Notice>
        )}
        <ErrorNotice error={rename.error ?? upload.error ?? remove.error} />
      </Stack>
    </Panel>
  );
}
